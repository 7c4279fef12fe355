using ChunkProxy.Cache.Metering;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Maps the statistics.</summary>
internal static class StatsEndpoint
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/_chunkproxy/stats</c>, as JSON; with <c>?cluster=true</c> it asks the other members too.</summary>
    public static void MapStats(this IEndpointRouteBuilder endpoints)
    {
        var reader = endpoints.ServiceProvider.GetRequiredService<StatsReader>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/stats", Methods, async context =>
        {
            Untraced.Mark();
            context.Response.Headers[HeaderNames.CacheControl] = "no-store";
            var stats = await reader.ReadAsync(askMembers: context.Request.Query["cluster"] == "true", context.RequestAborted);
            await context.Response.WriteAsJsonAsync(stats, StatsJson.Readable.StatsAnswer, cancellationToken: context.RequestAborted);
        }).Takes(AdminAccess.Look);
    }
}
