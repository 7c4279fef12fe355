namespace ChunkProxy.Cache.Origin;

/// <summary>Reads cache directives (RFC 9111 §5.2.2). Accepts any text; a malformed directive does not hide the others.</summary>
internal static class CacheDirectiveReader
{
    /// <param name="lines">The field lines. Each line is parsed separately, so an unbalanced quotation mark cannot swallow the next line.</param>
    /// <param name="isStructured">
    /// Whether the field is an RFC 9651 dictionary, as targeted fields are (RFC 9213 §2.1). Its keys allow fewer characters, and <c>max-age="60"</c>
    /// is malformed; in Cache-Control the same text means 60 seconds (RFC 9111 §5.2).
    /// </param>
    public static CacheDirectives Read(IEnumerable<string> lines, bool isStructured = false)
    {
        var read = CacheDirectives.None;
        var withheld = new List<string>();
        foreach (var line in lines)
        {
            var certain = CertainDirectives.In(line, out var isWellFormed);
            read = read with { IsWellFormed = read.IsWellFormed && isWellFormed };
            foreach (var directive in DirectiveScan.In(line))
            {
                read = Add(read, directive, certain.Contains(directive.Start), isStructured, withheld);
                read = isStructured && !IsKey(directive.Name) ? read with { IsWellFormed = false } : read;
            }
        }

        return read with { WithheldFields = withheld };
    }

    private static CacheDirectives Add(CacheDirectives read, DirectiveText directive, bool isCertain, bool isStructured, List<string> withheld)
    {
        var known = read with { HasKnown = true };
        switch (directive.Name.ToLowerInvariant())
        {
            case "no-store":
                return known with { NoStore = true };
            case "private":
                return Names(directive, withheld) ? known : known with { Private = true };
            case "no-cache":
                return Names(directive, withheld) ? known : known with { NoCache = true };
            case "must-revalidate":
                return known with { MustRevalidate = true, AllowsSharing = read.AllowsSharing || isCertain };
            case "proxy-revalidate":
                return known with { ProxyRevalidate = true };
            case "public":
                return known with { AllowsSharing = read.AllowsSharing || isCertain };
            case "max-age":
                return Time(known, directive, isStructured, out var maxAge) with { MaxAge = read.MaxAge.With(maxAge, isCertain) };
            case "s-maxage":
                return Time(known, directive, isStructured, out var shared) with
                {
                    SharedMaxAge = read.SharedMaxAge.With(shared, isCertain),
                    AllowsSharing = read.AllowsSharing || isCertain,
                };
            case "stale-while-revalidate":
                return Time(known, directive, isStructured, out var whileAsking) with { StaleWhileRevalidate = read.StaleWhileRevalidate.With(whileAsking, isCertain) };
            case "stale-if-error":
                return Time(known, directive, isStructured, out var ifError) with { StaleIfError = read.StaleIfError.With(ifError, isCertain) };
            case "immutable": // no effect: a fresh response is never revalidated anyway, and immutable does not extend freshness (RFC 8246 §2)
                return known;
            default:
                return read;
        }
    }

    // An unreadable time counts as zero: the response is stale (RFC 9111 §4.2.1).
    private static CacheDirectives Time(CacheDirectives read, DirectiveText directive, bool isStructured, out TimeSpan time)
    {
        var value = directive.IsQuoted && isStructured ? null : DeltaSeconds.TryParse(directive.Argument);
        time = value ?? TimeSpan.Zero;
        return value is null ? read with { IsWellFormed = false } : read;
    }

    // private="a, b" names fields. Any other form, including private=a, applies to the whole response.
    private static bool Names(DirectiveText directive, List<string> withheld)
    {
        if (!directive.IsQuoted)
        {
            return false;
        }

        var before = withheld.Count;
        withheld.AddRange(FieldTokens.In([directive.Argument!]));
        return withheld.Count > before;
    }

    // RFC 9651 §3.2, except that upper case is accepted: directive names are matched case-insensitively.
    private static bool IsKey(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '*') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '*');
}
