namespace ChunkProxy.Cache.Sites;

/// <summary>Paths whose case does not count.</summary>
internal static class PathCase
{
    /// <summary>Returns the target with the letters of its path (A to Z) in lower case; the same string if they are. Percent-encoded octets and the query stay.</summary>
    public static string Lower(string pathAndQuery)
    {
        var end = QueryParameters.EndOfPath(pathAndQuery);
        return HasUpper(pathAndQuery.AsSpan(0, end)) ? string.Create(pathAndQuery.Length, (pathAndQuery, end), static (lower, it) => Write(lower, it.pathAndQuery, it.end)) : pathAndQuery;
    }

    private static bool HasUpper(ReadOnlySpan<char> path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] == '%')
            {
                i += 2;
            }
            else if (char.IsAsciiLetterUpper(path[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static void Write(Span<char> lower, string target, int end)
    {
        target.CopyTo(lower);
        for (var i = 0; i < end; i++)
        {
            if (target[i] == '%')
            {
                i += 2; // the digits of normal form are in upper case
            }
            else if (char.IsAsciiLetterUpper(target[i]))
            {
                lower[i] = (char)(target[i] | 0x20);
            }
        }
    }
}
