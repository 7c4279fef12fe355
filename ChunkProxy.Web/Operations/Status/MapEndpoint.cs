using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;

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
            if (objects.Read(context.Request.Query["path"].ToString(), out var refusal) is not { } id)
            {
                await AdminAnswer.RefuseAsync(context, refusal.Status, refusal.Reason);
            }
            else if (await reader.ReadAsync(id, context.RequestAborted) is { } map)
            {
                await AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, map, StatsJson.Readable.ClusterMap);
            }
            else
            {
                await AdminAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "Unknown object: not requested recently.");
            }
        }).Takes(AdminAccess.Look);
    }
}
