using System.Diagnostics;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Adds tags to the span of a client's request.</summary>
internal static class RequestSpan
{
    /// <summary>Sets the requested range, the bytes sent, their sources, and the ending. Without a listener, it costs a null check.</summary>
    public static void Ended(HttpContext context, Exchange exchange, ResponseEnding ending)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
        {
            return;
        }

        if (context.Request.Headers.Range is [{ } range])
        {
            span.SetTag("http.request.header.range", range);
        }

        span.SetTag("http.response.body.size", exchange.BytesSent)
            .SetTag("chunkproxy.tier", string.Join('+', exchange.Sources))
            .SetTag("chunkproxy.waited", exchange.Waited.TotalSeconds)
            .SetTag("chunkproxy.outcome", ending.ToString());
    }
}
