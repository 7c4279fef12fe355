using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Maps the chunk map.</summary>
internal static class MapEndpoint
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/_chunkproxy/map?path=/film.mp4</c>, as JSON. The origin is not asked; 404: the object is unknown here.</summary>
    public static void MapChunkMap(this IEndpointRouteBuilder endpoints)
    {
        var reader = endpoints.ServiceProvider.GetRequiredService<ClusterMapReader>();
        var objects = endpoints.ServiceProvider.GetRequiredService<ObjectArgument>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/map", Methods, async context =>
        {
            Untraced.Mark();
            context.Response.Headers[HeaderNames.CacheControl] = "no-store";
            if (objects.Read(context.Request.Query["path"].ToString(), out var refusal) is not { } id)
            {
                await WriteAsync(context, refusal.Status, refusal.Reason + "\n");
                return;
            }

            if (await reader.ReadAsync(id, context.RequestAborted) is not { } map)
            {
                await WriteAsync(context, StatusCodes.Status404NotFound, "Unknown object: not requested recently.\n");
                return;
            }

            await context.Response.WriteAsJsonAsync(map, StatsJson.Readable.ClusterMap, cancellationToken: context.RequestAborted);
        }).Takes(AdminAccess.Look);
    }

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
