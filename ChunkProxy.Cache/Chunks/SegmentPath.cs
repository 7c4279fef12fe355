namespace ChunkProxy.Cache.Chunks;

/// <summary>Recognizes segments of HLS and DASH films by their paths.</summary>
internal static class SegmentPath
{
    private static readonly string[] Extensions = [".ts", ".m4s", ".aac", ".cmfv", ".cmfa"];

    private static readonly string[] PlaylistExtensions = [".m3u8", ".mpd"];

    /// <summary>Returns the folder of a segment, with its last slash; empty if the path is not of a segment.</summary>
    /// <param name="pathAndQuery">Path and query, or the text of an object.</param>
    public static ReadOnlySpan<char> FolderOf(ReadOnlySpan<char> pathAndQuery)
    {
        var path = PathIn(pathAndQuery);
        return EndsWithOne(path, Extensions) ? path[..(path.LastIndexOf('/') + 1)] : default;
    }

    /// <summary>Returns the number of a segment: the last digits of its file name. -1 if it has none, or is not a segment.</summary>
    public static long NumberOf(ReadOnlySpan<char> pathAndQuery)
    {
        var path = PathIn(pathAndQuery);
        if (!EndsWithOne(path, Extensions))
        {
            return -1;
        }

        var name = path[(path.LastIndexOf('/') + 1)..path.LastIndexOf('.')];
        var end = name.LastIndexOfAnyInRange('0', '9') + 1;
        var start = name[..end].LastIndexOfAnyExceptInRange('0', '9') + 1;
        return end > start && long.TryParse(name[start..end], out var number) ? number : -1;
    }

    /// <summary>Returns the folder below which the segments of a playlist are, or the path itself if it is a folder; null for others.</summary>
    public static string? FolderOfFilm(string pathAndQuery)
    {
        var path = PathIn(pathAndQuery);
        return path is [.., '/'] || EndsWithOne(path, PlaylistExtensions) ? path[..(path.LastIndexOf('/') + 1)].ToString() : null;
    }

    private static ReadOnlySpan<char> PathIn(ReadOnlySpan<char> pathAndQuery) => pathAndQuery.IndexOf('?') is >= 0 and var query ? pathAndQuery[..query] : pathAndQuery;

    private static bool EndsWithOne(ReadOnlySpan<char> path, string[] extensions)
    {
        foreach (var extension in extensions)
        {
            if (path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
