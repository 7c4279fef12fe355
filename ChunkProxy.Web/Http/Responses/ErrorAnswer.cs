using System.Text;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using Microsoft.AspNetCore.WebUtilities;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Responses without an object: a status, and a line of plain text with the reason.</summary>
internal static class ErrorAnswer
{
    /// <summary>Returns the status for an error (RFC 9110 §15.5, §15.6).</summary>
    public static int StatusOf(ProxyError error, int originStatus) => error switch
    {
        ProxyError.NotFound => StatusCodes.Status404NotFound,
        ProxyError.Gone => StatusCodes.Status410Gone,
        ProxyError.OriginRefused when originStatus is >= 400 and < 500 => originStatus,
        ProxyError.OriginFailed when originStatus is >= 400 and < 600 => originStatus,
        ProxyError.OriginTimedOut => StatusCodes.Status504GatewayTimeout,
        ProxyError.ClientLimited => StatusCodes.Status429TooManyRequests,
        ProxyError.Overloaded or ProxyError.OriginDown => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status502BadGateway,
    };

    /// <summary>Sends the error of a failed look-up.</summary>
    public static Task WriteAsync(HttpContext context, in ObjectLookup failed, TimeSpan retryAfter)
    {
        var status = StatusOf(failed.Error, failed.OriginStatus);
        Action<IHeaderDictionary>? more = failed.Error is ProxyError.Overloaded or ProxyError.OriginDown or ProxyError.ClientLimited ? headers => headers.RetryAfter = WholeSeconds.Format(retryAfter) : null;
        return WriteAsync(context, status, failed.Reason ?? "The object is unavailable.", CacheStatus.OfReply(failed, failed.OriginStatus), more);
    }

    /// <summary>Sends the response, without its body for HEAD. Clears status and fields set before.</summary>
    public static Task WriteAsync(HttpContext context, int status, string reason, string cacheStatus, Action<IHeaderDictionary>? more = null)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = status;
        response.Headers.ContentType = "text/plain; charset=utf-8";
        response.Headers[CacheStatus.FieldName] = cacheStatus;
        response.Headers.Via = OriginMessages.Via;
        more?.Invoke(response.Headers);

        var text = Encoding.UTF8.GetBytes($"{status} {ReasonPhrases.GetReasonPhrase(status)}: {reason}\n");
        response.ContentLength = text.Length;
        return context.Request.Method == HttpMethods.Head ? Task.CompletedTask : response.Body.WriteAsync(text).AsTask();
    }
}
