namespace ChunkProxy.Web.Http.Targets;

/// <summary>Finds segments that are names to this program, but <c>.</c> or <c>..</c> to some server or framework behind the origin.</summary>
/// <remarks>
/// Servlet containers remove path parameters (<c>..;x</c>) before they resolve dot segments. Some servers decode twice (<c>%252e%252e</c>).
/// Windows ignores spaces at the end of a name, and reads full-width dots and slashes as plain ones. Each of these could escape a base path.
/// </remarks>
internal static class DotSegments
{
    // Servers that decode more often than this are not supported.
    internal const int MostDecodings = 4;

    // UTF-8 of U+FF0E, U+FF0F and U+FF3C, and the characters they are mapped to.
    private static readonly (string Encoded, char Plain)[] FullWidth = [("%EF%BC%8E", '.'), ("%EF%BC%8F", '/'), ("%EF%BC%BC", '\\')];

    /// <param name="segment">A segment in normal form: unreserved characters plain, hexadecimal digits in upper case.</param>
    public static bool IsOne(ReadOnlySpan<char> segment)
    {
        if (segment is "." or "..")
        {
            return true;
        }

        return segment.ContainsAny('%', ';') && IsHidden(segment.ToString());
    }

    private static bool IsHidden(string segment)
    {
        for (var decodings = 0; decodings < MostDecodings; decodings++)
        {
            if (segment.Split('/', '\\').Any(part => part.Split(';')[0].TrimEnd() is "." or ".."))
            {
                return true;
            }

            var decoded = Decode(segment);
            if (decoded == segment)
            {
                return false;
            }

            segment = decoded;
        }

        return true; // still encoded after so many decodings: not a legitimate name
    }

    /// <summary>Returns a text as a lenient server may read it: decoded once more, and full-width characters as plain ones.</summary>
    internal static string Decode(string segment)
    {
        foreach (var (encoded, plain) in FullWidth)
        {
            segment = segment.Replace(encoded, plain.ToString(), StringComparison.OrdinalIgnoreCase);
        }

        return Uri.UnescapeDataString(segment);
    }
}
