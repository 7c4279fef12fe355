namespace ChunkProxy.Cache.Origin;

/// <summary>The age of a response on arrival (RFC 9111 §4.2.3).</summary>
/// <param name="Initial">The corrected initial age; never negative.</param>
/// <param name="Date">The value of <c>Date</c>, or the time of receipt if <c>Date</c> is absent or malformed.</param>
internal readonly record struct ResponseAge(TimeSpan Initial, DateTimeOffset Date)
{
    // The precision of Date. Clocks that are kept by NTP differ by less; a Date that is further in the future says nothing.
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <param name="fields">The response's fields.</param>
    /// <param name="received">When the response header arrived.</param>
    /// <param name="delay">Time from sending the request to the response header.</param>
    public static ResponseAge Of(OriginFields fields, DateTimeOffset received, TimeSpan delay)
    {
        var stated = DateIn(fields, received);
        var date = stated ?? received;
        var apparent = received - date;

        // Date has whole seconds: a response that is from after the request, by its Date, is at most as old as the request. What the origin took before
        // its Date is no age: it may have held back a live playlist until there was news, and a player that reads an age of seconds skips ahead of the stream.
        var isFromAfterRequest = stated is not null && apparent >= -Second && apparent < delay + Second;
        var corrected = AgeIn(fields) + (isFromAfterRequest ? Least(Most(apparent, TimeSpan.Zero), delay) : delay);
        var initial = isFromAfterRequest ? corrected : Most(apparent, corrected);
        return new ResponseAge(initial > DeltaSeconds.Maximum ? DeltaSeconds.Maximum : initial, date);
    }

    /// <summary>Returns the first valid line of <c>Date</c>; null if there is none.</summary>
    public static DateTimeOffset? DateIn(OriginFields fields, DateTimeOffset now)
    {
        foreach (var line in fields["Date"])
        {
            if (HttpDate.TryParse(line.Trim(), now, out var date))
            {
                return date;
            }
        }

        return null;
    }

    private static TimeSpan Most(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    // The first valid number in the list counts (§5.1).
    private static TimeSpan AgeIn(OriginFields fields)
    {
        foreach (var member in fields["Age"].SelectMany(line => line.Split(',')))
        {
            if (DeltaSeconds.TryParse(member.AsSpan().Trim(" \t")) is { } age)
            {
                return age;
            }
        }

        return TimeSpan.Zero;
    }
}
