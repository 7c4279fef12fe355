namespace ChunkProxy.Cache.Origin;

/// <summary>The age of a response on arrival (RFC 9111 §4.2.3).</summary>
/// <param name="Initial">The corrected initial age; never negative.</param>
/// <param name="Date">The value of <c>Date</c>, or the time of receipt if <c>Date</c> is absent or malformed.</param>
internal readonly record struct ResponseAge(TimeSpan Initial, DateTimeOffset Date)
{
    /// <param name="fields">The response's fields.</param>
    /// <param name="received">When the response header arrived.</param>
    /// <param name="delay">Time from sending the request to the response header.</param>
    public static ResponseAge Of(OriginFields fields, DateTimeOffset received, TimeSpan delay)
    {
        var date = DateIn(fields, received) ?? received;
        var apparent = received - date;
        var corrected = AgeIn(fields) + delay;
        var initial = apparent > corrected ? apparent : corrected;
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
