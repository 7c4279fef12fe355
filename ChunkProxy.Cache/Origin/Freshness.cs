namespace ChunkProxy.Cache.Origin;

/// <summary>Computes the freshness lifetime of a response in a shared cache (RFC 9111 §4.2.1, §4.2.2).</summary>
internal static class Freshness
{
    private const double GuessedShareOfAge = 0.1; // the fraction that §4.2.2 calls typical

    /// <param name="directives">The cache directives.</param>
    /// <param name="fields">All fields of the response.</param>
    /// <param name="date">The date of the response.</param>
    /// <param name="now">Determines the century of a two-digit year.</param>
    /// <param name="longestGuess">Upper bound of the heuristic lifetime, used if the origin states none.</param>
    public static TimeSpan LifetimeOf(CacheDirectives directives, OriginFields fields, DateTimeOffset date, DateTimeOffset now, TimeSpan longestGuess) =>
        StatedLifetimeOf(directives, fields, date, now, Heuristic(fields, date, now, longestGuess));

    /// <summary>Returns the lifetime that the origin states, without a heuristic.</summary>
    /// <param name="directives">As above.</param>
    /// <param name="fields">As above.</param>
    /// <param name="date">As above.</param>
    /// <param name="now">As above.</param>
    /// <param name="otherwise">The lifetime if the origin states none.</param>
    public static TimeSpan StatedLifetimeOf(CacheDirectives directives, OriginFields fields, DateTimeOffset date, DateTimeOffset now, TimeSpan otherwise) =>
        directives.NoCache
            ? TimeSpan.Zero
            : directives.SharedMaxAge.Or(directives.MaxAge.Or(UntilExpires(fields, date, now) ?? otherwise));

    /// <summary>Returns whether the response has a validator, so that it can be revalidated.</summary>
    public static bool HasValidator(OriginFields fields, DateTimeOffset now) => fields.Has("ETag") || LastModifiedIn(fields, now) is not null;

    /// <summary>Returns the date in <c>Last-Modified</c>; null if absent or malformed.</summary>
    public static DateTimeOffset? LastModifiedIn(OriginFields fields, DateTimeOffset now) =>
        fields["Last-Modified"].ToArray() is [var only] && HttpDate.TryParse(only.Trim(), now, out var date) ? date : null;

    // An invalid date, "0" above all, or more than one value means already expired (§4.2.1, §5.3).
    private static TimeSpan? UntilExpires(OriginFields fields, DateTimeOffset date, DateTimeOffset now) => fields["Expires"].ToArray() switch
    {
        [] => null,
        [var only] when HttpDate.TryParse(only.Trim(), now, out var expires) && expires > date => expires - date < DeltaSeconds.Maximum ? expires - date : DeltaSeconds.Maximum,
        _ => TimeSpan.Zero,
    };

    private static TimeSpan Heuristic(OriginFields fields, DateTimeOffset date, DateTimeOffset now, TimeSpan longest)
    {
        if (LastModifiedIn(fields, now) is not { } modified || modified >= date)
        {
            return TimeSpan.Zero;
        }

        var guess = (date - modified) * GuessedShareOfAge;
        return guess < longest ? guess : longest;
    }
}
