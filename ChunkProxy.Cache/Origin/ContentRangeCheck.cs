using System.Net.Http.Headers;

namespace ChunkProxy.Cache.Origin;

/// <summary>Holds a 206 against what was asked, before a byte of it is kept.</summary>
internal static class ContentRangeCheck
{
    /// <summary>Returns why the answer cannot be the asked range, or null if it is.</summary>
    /// <param name="range">The answer's Content-Range, if it has one that parses.</param>
    /// <param name="contentLength">The answer's Content-Length, if it has one.</param>
    /// <param name="start">First byte asked.</param>
    /// <param name="end">One past the last byte asked. The answer may be shorter: whoever wants the rest asks again (RFC 9110 §15.3.7).</param>
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
            return $"a range that begins at {from} and not at {start}";
        }

        var latestEnd = range.Length is { } size ? Math.Min(end, size) : end;
        if (to < from || to >= latestEnd)
        {
            return $"a range that ends before {to + 1} and not before {latestEnd}";
        }

        return contentLength is { } length && length != to + 1 - from
            ? $"a Content-Length of {length} for a range of {to + 1 - from} bytes"
            : null;
    }
}
