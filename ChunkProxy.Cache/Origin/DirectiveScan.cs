namespace ChunkProxy.Cache.Origin;

/// <summary>Finds every possible directive in a field line, regardless of quotation marks.</summary>
internal static class DirectiveScan
{
    public static IEnumerable<DirectiveText> In(string line)
    {
        for (var start = 0; start < line.Length;)
        {
            var end = start;
            while (end < line.Length && FieldTokens.IsTokenCharacter(line[end]))
            {
                end++;
            }

            if (end > start && !IsArgument(line, start))
            {
                yield return Read(line, start, end);
            }

            start = end + 1;
        }
    }

    /// <summary>Reads the argument that follows a directive name.</summary>
    /// <param name="line">The field line.</param>
    /// <param name="start">Start of the name.</param>
    /// <param name="end">One past the end of the name.</param>
    public static DirectiveText Read(string line, int start, int end)
    {
        var name = line[start..end];
        if (end >= line.Length || line[end] != '=')
        {
            return new DirectiveText(start, name, null, false);
        }

        var first = end + 1;
        if (first < line.Length && line[first] == '"')
        {
            var close = ClosingQuote(line, first);
            return close < 0 ? new DirectiveText(start, name, null, false) : new DirectiveText(start, name, line[(first + 1)..close], true);
        }

        var rest = line.AsSpan(first);
        var length = rest.IndexOfAny(",; \t\"");
        return new DirectiveText(start, name, (length < 0 ? rest : rest[..length]).ToString(), false);
    }

    /// <summary>Returns the position of the closing quotation mark, or -1 if there is none.</summary>
    public static int ClosingQuote(string line, int open)
    {
        for (var at = open + 1; at < line.Length; at++)
        {
            if (line[at] == '\\')
            {
                at++;
            }
            else if (line[at] == '"')
            {
                return at;
            }
        }

        return -1;
    }

    // Text after an equals sign, quoted or not, is an argument and not a directive.
    private static bool IsArgument(string line, int start)
    {
        var before = line.AsSpan(0, start).TrimEnd(" \t");
        return before.EndsWith("=") || before.EndsWith("=\"");
    }
}
