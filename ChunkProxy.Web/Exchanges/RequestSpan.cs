using System.Diagnostics;
using ChunkProxy.Cache.Metering;
using Microsoft.AspNetCore.Http.Features;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Adds tags to the span of a client's request.</summary>
internal static class RequestSpan
{
    private const int LongestPath = 1000;

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

        if (context.Request.QueryString.HasValue)
        {
            span.SetTag(Tag.Object, ShownText.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, LongestPath));
        }

        span.SetTag("http.response.body.size", exchange.BytesSent)
            .SetTag(Tag.Tier, string.Join('+', exchange.Sources))
            .SetTag("chunkproxy.waited", exchange.Waited.TotalSeconds)
            .SetTag(Tag.Outcome, ending.ToString());
    }
}
