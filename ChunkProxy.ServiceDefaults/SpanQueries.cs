using System.Diagnostics;

namespace ChunkProxy.ServiceDefaults;

/// <summary>Keeps the queries of URLs, which may carry signatures and tokens, out of the spans of requests.</summary>
/// <remarks>
/// OpenTelemetry replaces the values of a query by itself, but not its names, and a variable of the environment turns even that off. The span of a
/// request to ChunkProxy has <c>chunkproxy.object</c> in place of the query.
/// </remarks>
internal static class SpanQueries
{
    private const string Query = "url.query";
    private const string Full = "url.full";

    public static void Remove(Activity span)
    {
        if (span.GetTagItem(Query) is not null)
        {
            span.SetTag(Query, null);
        }

        if (span.GetTagItem(Full) is string url && url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at)
        {
            span.SetTag(Full, url[..at]);
        }
    }
}
