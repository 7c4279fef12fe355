namespace ChunkProxy.Web.Http.Targets;

/// <summary>A path as lenient servers read it: encoded characters decoded, several slashes taken for one, and parameters of segments left out.</summary>
/// <remarks>nginx merges slashes and decodes <c>%2F</c>; servlet containers cut off what follows a semicolon; <see cref="DotSegments"/> has more.</remarks>
internal static class FoldedPath
{
    /// <summary>Returns the folded path; the same string if there is nothing to fold.</summary>
    /// <param name="pathAndQuery">Path and query in normal form.</param>
    public static string Of(string pathAndQuery)
    {
        var end = pathAndQuery.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : pathAndQuery.Length;
        var path = pathAndQuery.AsSpan(0, end);
        if (!path.Contains(';') && !path.Contains("//", StringComparison.Ordinal) && !path.Contains('%'))
        {
            return pathAndQuery;
        }

        var decoded = path.ToString();
        for (var i = 0; i < DotSegments.MostDecodings; i++)
        {
            decoded = DotSegments.Decode(decoded);
        }

        var segments = decoded.Split('/', '\\')
            .Select(static segment => segment.IndexOf(';', StringComparison.Ordinal) is >= 0 and var parameters ? segment[..parameters] : segment).ToList();
        var isFolder = segments[^1].Length == 0;
        return "/" + string.Join('/', segments.Where(static segment => segment.Length > 0)) + (isFolder && segments.Exists(static segment => segment.Length > 0) ? "/" : "");
    }
}
