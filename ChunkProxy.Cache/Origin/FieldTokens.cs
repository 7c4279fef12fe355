namespace ChunkProxy.Cache.Origin;

/// <summary>Reads tokens (RFC 9110 §5.6.2), and lists of tokens in which a malformed member does not hide the others.</summary>
internal static class FieldTokens
{
    private const string Marks = "!#$%&'*+-.^_`|~";

    public static bool IsTokenCharacter(char c) => char.IsAsciiLetterOrDigit(c) || Marks.Contains(c, StringComparison.Ordinal);

    public static bool IsToken(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!IsTokenCharacter(c))
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    /// <summary>Returns every token of a list (<c>Vary</c>, <c>Connection</c>). Any other character is a separator.</summary>
    public static IEnumerable<string> In(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            for (var start = 0; start < line.Length;)
            {
                var end = start;
                while (end < line.Length && IsTokenCharacter(line[end]))
                {
                    end++;
                }

                if (end > start)
                {
                    yield return line[start..end];
                }

                start = end + 1;
            }
        }
    }
}
