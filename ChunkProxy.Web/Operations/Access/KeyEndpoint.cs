using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Maps the question whether a key is the right one, for the page, before it keeps it.</summary>
internal static class KeyEndpoint
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Answers <c>/_chunkproxy/key</c> with 204 to the admin key; the gate before it answers everything else.</summary>
    public static void MapKey(this IEndpointRouteBuilder endpoints) => endpoints
        .MapMethods(ReservedPaths.Prefix + "/key", Methods, static context =>
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            context.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        })
        .Takes(AdminAccess.PageKey);
}
