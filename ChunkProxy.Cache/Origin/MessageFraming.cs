using System.Net.Http.Headers;

namespace ChunkProxy.Cache.Origin;

/// <summary>Detects responses whose body length is not reliable (RFC 9112 §6.3).</summary>
/// <remarks>
/// HttpClient accepts such responses. It takes the first of two lengths, and ignores an unreadable length, a length beside Transfer-Encoding, and an
/// unknown transfer coding. It keeps the field lines as received, so the fault stays visible here.
/// </remarks>
internal static class MessageFraming
{
    /// <summary>Returns the fault, or null if there is none.</summary>
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

    // Equal lines count as one length. A list of equal values in one line is legal too, but HttpClient would read its body until the connection
    // closes.
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
