namespace ChunkProxy.Cache.Origin;

/// <summary>Finds the certain directives of a field line: those outside quoted strings and before the first misplaced quotation mark.</summary>
internal static class CertainDirectives
{
    /// <summary>Returns the start positions of their names.</summary>
    /// <param name="line">The field line.</param>
    /// <param name="isWellFormed">Whether the line follows the grammar <c>#( token [ "=" ( token / quoted-string ) ] )</c>.</param>
    public static HashSet<int> In(string line, out bool isWellFormed)
    {
        isWellFormed = true;
        var certain = new HashSet<int>();
        for (var at = 0; at < line.Length;)
        {
            if (line[at] is ',' or ';' or ' ' or '\t')
            {
                isWellFormed &= line[at] != ';'; // a common mistake: accepted as a separator, but not a comma
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

            // Only white space may precede the next separator.
            var rest = line.AsSpan(at);
            var length = rest.IndexOfAny(",;");
            var junk = (length < 0 ? rest : rest[..length]).Trim(" \t");
            at = length < 0 ? line.Length : at + length;
            isWellFormed &= junk.IsEmpty;
            if (!junk.IsEmpty && (isAfterQuoted || junk.Contains('"')))
            {
                return certain; // from here on, quoted and unquoted text cannot be told apart
            }
        }

        return certain;
    }
}
