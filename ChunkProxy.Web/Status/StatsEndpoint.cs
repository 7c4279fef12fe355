using ChunkProxy.Web.RequestTargets;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Status;

/// <summary>Maps the statistics.</summary>
internal static class StatsEndpoint
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Answers <c>/_chunkproxy/stats</c> with JSON.</summary>
    public static void MapStats(this IEndpointRouteBuilder endpoints)
    {
        var reader = endpoints.ServiceProvider.GetRequiredService<StatsReader>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/stats", Methods, context =>
        {
            context.Response.Headers[HeaderNames.CacheControl] = "no-store";
            return context.Response.WriteAsJsonAsync(reader.Read(), StatsJson.Readable.StatsAnswer, cancellationToken: context.RequestAborted);
        });
    }
}
