using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Access;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>The response to a request that is refused. It does not contain the reason, which is in the logs.</summary>
internal static class AccessAnswer
{
    public static Task WriteAsync(HttpContext context, AccessVerdict verdict, TimeSpan retryAfter)
    {
        // RFC 6750 §3: no error code for a request without a token.
        var (status, challenge) = verdict switch
        {
            AccessVerdict.NoToken => (StatusCodes.Status401Unauthorized, BearerScheme.Challenge),
            AccessVerdict.MalformedToken or AccessVerdict.TokenSignedByOther or AccessVerdict.TokenOfOtherIssuer or AccessVerdict.TokenForOtherAudience
                or AccessVerdict.TokenExpired or AccessVerdict.InvalidToken => (StatusCodes.Status401Unauthorized, BearerScheme.Challenge + ", error=\"invalid_token\""),
            AccessVerdict.TokenLacksScope => (StatusCodes.Status403Forbidden, BearerScheme.Challenge + ", error=\"insufficient_scope\""),
            AccessVerdict.NoTokenKeys => (StatusCodes.Status503ServiceUnavailable, null),
            _ => (StatusCodes.Status403Forbidden, null),
        };
        var isLater = status == StatusCodes.Status503ServiceUnavailable;
        return ErrorAnswer.WriteAsync(context, status, isLater ? "Access cannot be checked at present." : "Access is denied.", CacheStatus.Refused, headers =>
        {
            headers.WWWAuthenticate = challenge;
            headers.RetryAfter = isLater ? WholeSeconds.Format(retryAfter) : default;
        });
    }
}
