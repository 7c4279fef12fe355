namespace ChunkProxy.Web.Http.Targets;

/// <summary>Finds segments that this program takes for names, and some server or framework behind the origin for <c>.</c> or <c>..</c>.</summary>
/// <remarks>
/// Servlet containers cut path parameters off (<c>..;x</c>) before they resolve dot segments; some decode twice (<c>%252e%252e</c>); Windows drops blanks at
/// a name's end and reads full-width dots and slashes as plain ones. Below a base path each of these would lead out of it.
/// </remarks>
internal static class DotSegments
{
    // Who decodes more often than this is beyond help.
    private const int MostDecodings = 4;

    // UTF-8 of U+FF0E, U+FF0F and U+FF3C, and what they become.
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

        return true; // still encoded after so many times: no honest name
    }

    private static string Decode(string segment)
    {
        foreach (var (encoded, plain) in FullWidth)
        {
            segment = segment.Replace(encoded, plain.ToString(), StringComparison.OrdinalIgnoreCase);
        }

        return Uri.UnescapeDataString(segment);
    }
}
