namespace ChunkProxy.Cache.Origin;

/// <summary>How old a response was when it arrived (RFC 9111 §4.2.3).</summary>
/// <param name="Initial">The corrected initial age; never negative.</param>
/// <param name="Date">The date of the response: that of its <c>Date</c>, or the time of receipt where there is none that can be read.</param>
internal readonly record struct ResponseAge(TimeSpan Initial, DateTimeOffset Date)
{
    /// <param name="fields">The response's fields.</param>
    /// <param name="received">When its head arrived.</param>
    /// <param name="delay">How long that took after the request was sent.</param>
    public static ResponseAge Of(OriginFields fields, DateTimeOffset received, TimeSpan delay)
    {
        var date = DateIn(fields, received) ?? received;
        var apparent = received - date;
        var corrected = AgeIn(fields) + delay;
        var initial = apparent > corrected ? apparent : corrected;
        return new ResponseAge(initial > DeltaSeconds.Most ? DeltaSeconds.Most : initial, date);
    }

    /// <summary>The first line of <c>Date</c> that can be read.</summary>
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

    // The first number of a list counts (§5.1); what is no number is not one.
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
