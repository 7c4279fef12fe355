using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace ChunkProxy.Web.Exchanges;

/// <summary>What the span of a client's request tells beyond what the framework sets.</summary>
internal static class RequestSpan
{
    private const int LongestPath = 1000;

    /// <summary>Sets the range that was asked for, what was sent, from where, and how the exchange ended. Without a listener it costs a null check.</summary>
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
            span.SetTag("chunkproxy.object", ShownText.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, LongestPath));
        }

        span.SetTag("http.response.body.size", exchange.BytesSent)
            .SetTag("chunkproxy.tier", string.Join('+', exchange.Sources))
            .SetTag("chunkproxy.waited", exchange.Waited.TotalSeconds)
            .SetTag("chunkproxy.outcome", ending.ToString());
    }
}
