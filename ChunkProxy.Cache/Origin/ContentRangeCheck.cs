using System.Net.Http.Headers;

namespace ChunkProxy.Cache.Origin;

/// <summary>Checks a 206 response against the requested range, before any byte of it is stored.</summary>
internal static class ContentRangeCheck
{
    /// <summary>Returns why the response cannot be the requested range, or null if it can.</summary>
    /// <param name="range">The response's Content-Range; null if absent or malformed.</param>
    /// <param name="contentLength">The response's Content-Length; null if absent.</param>
    /// <param name="start">First byte requested.</param>
    /// <param name="end">One past the last byte requested. The response may be shorter; the rest takes another request (RFC 9110 §15.3.7).</param>
    public static string? Contradiction(ContentRangeHeaderValue? range, long? contentLength, long start, long end)
    {
        if (range is null || !string.Equals(range.Unit, "bytes", StringComparison.OrdinalIgnoreCase))
        {
            return "a 206 without a Content-Range in bytes";
        }

        if (range is not { From: { } from, To: { } to })
        {
            return "a 206 without a range in its Content-Range";
        }

        if (from != start)
        {
            return $"a range that starts at {from} instead of {start}";
        }

        var latestEnd = range.Length is { } size ? Math.Min(end, size) : end;
        if (to < from || to >= latestEnd)
        {
            return $"a range that ends at {to} instead of at most {latestEnd - 1}";
        }

        return contentLength is { } length && length != to + 1 - from
            ? $"a Content-Length of {length} for a range of {to + 1 - from} bytes"
            : null;
    }
}
