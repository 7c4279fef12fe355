using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Maps the history.</summary>
internal static class HistoryEndpoint
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/_chunkproxy/history</c>: the totals of the last 15 minutes, as JSON.</summary>
    public static void MapHistory(this IEndpointRouteBuilder endpoints)
    {
        var history = endpoints.ServiceProvider.GetRequiredService<History>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/history", Methods, context =>
        {
            context.Response.Headers[HeaderNames.CacheControl] = "no-store";
            return context.Response.WriteAsJsonAsync(history.Read(), StatsJson.Readable.IReadOnlyListHistoryPoint, cancellationToken: context.RequestAborted);
        }).Takes(AdminAccess.Look);
    }
}
