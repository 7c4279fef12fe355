using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Maps the endpoint with which the page checks a key before it stores it.</summary>
internal static class KeyEndpoint
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps <c>/_chunkproxy/key</c>: 204 with the admin key. The gate responds to all other requests.</summary>
    public static void MapKey(this IEndpointRouteBuilder endpoints) => endpoints
        .MapMethods(ReservedPaths.Prefix + "/key", Methods, static context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        })
        .Takes(AdminAccess.PageKey);
}
