using ChunkProxy.Cache.Origin;
using ChunkProxy.Web.Exchanges;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>The client's <c>Cache-Control: only-if-cached</c> (RFC 9111 §5.2.1.7).</summary>
/// <remarks>Other directives of clients are ignored, so that no client can force requests to the origin.</remarks>
internal static class OnlyIfCached
{
    public static bool IsRequested(IHeaderDictionary request) =>
        request.CacheControl is { Count: > 0 } lines && FieldTokens.In(lines.OfType<string>()).Contains("only-if-cached", StringComparer.OrdinalIgnoreCase);

    public static Task RefuseAsync(HttpContext context) =>
        ErrorAnswer.WriteAsync(context, StatusCodes.Status504GatewayTimeout, "The object is not in the cache, and the request has only-if-cached.", CacheStatus.Refused);
}
