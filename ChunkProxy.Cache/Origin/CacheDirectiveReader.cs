namespace ChunkProxy.Cache.Origin;

/// <summary>Reads cache directives (RFC 9111 §5.2.2). No text is refused, and no malformed directive hides another.</summary>
internal static class CacheDirectiveReader
{
    /// <param name="lines">The field's lines. Each is read by itself: a quotation mark in one cannot swallow another.</param>
    /// <param name="isStructured">
    /// The field is a dictionary of RFC 9651, as targeted fields are (RFC 9213 §2.1): names are of fewer characters, and <c>max-age="60"</c> is malformed;
    /// in Cache-Control it is 60 seconds, as RFC 9111 §5.2 advises.
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
            case "immutable": // nothing to do: what is fresh is served without asking anyway, and immutable does not prolong that (RFC 8246 §2)
                return known;
            default:
                return read;
        }
    }

    // A time that cannot be read is none: the response is stale (RFC 9111 §4.2.1).
    private static CacheDirectives Time(CacheDirectives read, DirectiveText directive, bool isStructured, out TimeSpan time)
    {
        var value = directive.IsQuoted && isStructured ? null : DeltaSeconds.TryParse(directive.Argument);
        time = value ?? TimeSpan.Zero;
        return value is null ? read with { IsWellFormed = false } : read;
    }

    // private="a, b" names fields; anything else, private=a too, is about the whole response.
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

    // RFC 9651 §3.2. Directives are known in any case, though.
    private static bool IsKey(string name) =>
        (char.IsAsciiLetter(name[0]) || name[0] == '*') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '*');
}
