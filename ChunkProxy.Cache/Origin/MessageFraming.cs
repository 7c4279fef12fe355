using System.Net.Http.Headers;

namespace ChunkProxy.Cache.Origin;

/// <summary>Finds responses whose length cannot be relied on (RFC 9112 §6.3).</summary>
/// <remarks>
/// HttpClient reads them all the same: of two lengths it takes the first, one that it cannot read it ignores, as it ignores a length beside chunks and an
/// unknown coding. It keeps the lines as they came, though, so nothing of that is hidden here.
/// </remarks>
internal static class MessageFraming
{
    /// <summary>Returns what is wrong, or null.</summary>
    public static string? FaultOf(HttpResponseMessage response)
    {
        var hasCoding = response.Headers.NonValidated.TryGetValues("Transfer-Encoding", out var codings);
        var hasLength = response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths);
        if (hasCoding && hasLength)
        {
            return "both Transfer-Encoding and Content-Length";
        }

        if (hasCoding && (response.Version < System.Net.HttpVersion.Version11 || !IsChunkedOnce(codings)))
        {
            return $"the Transfer-Encoding '{codings}'";
        }

        return hasLength && !AreOneLength(lengths) ? $"the Content-Length '{lengths}'" : null;
    }

    private static bool IsChunkedOnce(HeaderStringValues codings) => codings.Count == 1 && codings.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase);

    // Equal lines are one length. A list in one line may be too, but HttpClient would read the body up to the connection's end.
    private static bool AreOneLength(HeaderStringValues lengths)
    {
        string? first = null;
        foreach (var length in lengths)
        {
            if (length.Length == 0 || length.AsSpan().ContainsAnyExceptInRange('0', '9') || !long.TryParse(length, out _) || (first ??= length) != length)
            {
                return false;
            }
        }

        return first is not null;
    }
}
