using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;
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
        var site = endpoints.ServiceProvider.GetRequiredService<SiteTargets>();
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<FrontEndOptions>>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/map", Methods, async context =>
        {
            Untraced.Mark();
            context.Response.Headers[HeaderNames.CacheControl] = "no-store";
            var target = context.Request.Query["path"].ToString();
            if (RequestTarget.Parse(target, options.Value.MaxTargetLength, out var path) is not TargetVerdict.Accepted)
            {
                await WriteAsync(context, StatusCodes.Status400BadRequest, "path= takes the path of an object, as it stands in its URL: /film.mp4\n");
                return;
            }

            if (await reader.ReadAsync(site.ObjectAt(path), context.RequestAborted) is not { } map)
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
