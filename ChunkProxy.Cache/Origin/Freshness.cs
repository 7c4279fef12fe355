namespace ChunkProxy.Cache.Origin;

/// <summary>How long a response may be used without asking again, as a shared cache reads it (RFC 9111 §4.2.1, §4.2.2).</summary>
internal static class Freshness
{
    private const double GuessedShareOfAge = 0.1; // what §4.2.2 calls typical

    /// <param name="directives">What the cache directives say.</param>
    /// <param name="fields">All fields of the response.</param>
    /// <param name="date">The date of the response.</param>
    /// <param name="now">Decides the century of a two-digit year.</param>
    /// <param name="longestGuess">No response whose origin says nothing is fresh for longer.</param>
    public static TimeSpan LifetimeOf(CacheDirectives directives, OriginFields fields, DateTimeOffset date, DateTimeOffset now, TimeSpan longestGuess) =>
        StatedLifetimeOf(directives, fields, date, now, Guess(fields, date, now, longestGuess));

    /// <summary>The same without a guess.</summary>
    /// <param name="directives">As above.</param>
    /// <param name="fields">As above.</param>
    /// <param name="date">As above.</param>
    /// <param name="now">As above.</param>
    /// <param name="otherwise">The lifetime of a response whose origin says nothing.</param>
    public static TimeSpan StatedLifetimeOf(CacheDirectives directives, OriginFields fields, DateTimeOffset date, DateTimeOffset now, TimeSpan otherwise) =>
        directives.NoCache
            ? TimeSpan.Zero
            : directives.SharedMaxAge.Or(directives.MaxAge.Or(UntilExpires(fields, date, now) ?? otherwise));

    /// <summary>The response names a state of the object, so the origin can be asked whether that is still the current one.</summary>
    public static bool HasValidator(OriginFields fields, DateTimeOffset now) => fields.Has("ETag") || LastModifiedIn(fields, now) is not null;

    /// <summary>The date in <c>Last-Modified</c>; null if there is none, or none that can be read.</summary>
    public static DateTimeOffset? LastModifiedIn(OriginFields fields, DateTimeOffset now) =>
        fields["Last-Modified"].ToArray() is [var only] && HttpDate.TryParse(only.Trim(), now, out var date) ? date : null;

    // A value that is no date, "0" above all, or several of them, mean already expired (§4.2.1, §5.3).
    private static TimeSpan? UntilExpires(OriginFields fields, DateTimeOffset date, DateTimeOffset now) => fields["Expires"].ToArray() switch
    {
        [] => null,
        [var only] when HttpDate.TryParse(only.Trim(), now, out var expires) && expires > date => expires - date < DeltaSeconds.Most ? expires - date : DeltaSeconds.Most,
        _ => TimeSpan.Zero,
    };

    private static TimeSpan Guess(OriginFields fields, DateTimeOffset date, DateTimeOffset now, TimeSpan longest)
    {
        if (LastModifiedIn(fields, now) is not { } modified || modified >= date)
        {
            return TimeSpan.Zero;
        }

        var guess = (date - modified) * GuessedShareOfAge;
        return guess < longest ? guess : longest;
    }
}
