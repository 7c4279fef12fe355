namespace ChunkProxy.Cache.Origin;

/// <summary>Says which directives of a field line are certain: outside of quoted strings, and before the first quotation mark that is out of place.</summary>
internal static class CertainDirectives
{
    /// <summary>Returns where their names begin.</summary>
    /// <param name="line">The field line.</param>
    /// <param name="isWellFormed">The line follows the grammar <c>#( token [ "=" ( token / quoted-string ) ] )</c>.</param>
    public static HashSet<int> In(string line, out bool isWellFormed)
    {
        isWellFormed = true;
        var certain = new HashSet<int>();
        for (var at = 0; at < line.Length;)
        {
            if (line[at] is ',' or ';' or ' ' or '\t')
            {
                isWellFormed &= line[at] != ';'; // a common mistake: it separates, but is no comma
                at++;
                continue;
            }

            var (start, isAfterQuoted) = (at, false);
            while (at < line.Length && FieldTokens.IsTokenCharacter(line[at]))
            {
                at++;
            }

            if (at > start)
            {
                var directive = DirectiveScan.Read(line, start, at);
                certain.Add(start);
                at = directive.IsQuoted ? at + directive.Argument!.Length + 3 : at + (directive.Argument is { } argument ? argument.Length + 1 : 0);
                isWellFormed &= directive.Argument != "";
                isAfterQuoted = directive.IsQuoted;
            }

            // Up to the next separator there should be nothing but blanks.
            var rest = line.AsSpan(at);
            var length = rest.IndexOfAny(",;");
            var junk = (length < 0 ? rest : rest[..length]).Trim(" \t");
            at = length < 0 ? line.Length : at + length;
            isWellFormed &= junk.IsEmpty;
            if (!junk.IsEmpty && (isAfterQuoted || junk.Contains('"')))
            {
                return certain; // from here on nobody can tell what is quoted
            }
        }

        return certain;
    }
}
