using System.Globalization;

namespace ChunkProxy.Cache.Settings;

/// <summary>Parses times of settings, flags and lists: <c>5s</c>, <c>100ms</c>, <c>1.5h</c>, or <c>00:00:05</c>.</summary>
internal static class DurationText
{
    /// <summary>Expected form, for error messages.</summary>
    public const string Expected = "a time such as 100ms, 5s, 10m, 2h, 7d or 00:00:05";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1_000_000);

    private static readonly (string Name, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("min", TimeSpan.TicksPerMinute),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>Parses a number with a unit, <c>hours:minutes:seconds</c> with days and fractions as .NET writes them, or <c>0</c>.</summary>
    /// <remarks>A number alone is none: to .NET it is a number of days.</remarks>
    public static bool TryRead(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        text = text.Trim();
        if (text is "0")
        {
            duration = default;
            return true;
        }

        if (text.Contains(':'))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration <= Longest;
        }

        duration = default;
        foreach (var (name, ticks) in Units)
        {
            if (text.EndsWith(name, StringComparison.Ordinal))
            {
                if (!decimal.TryParse(text[..^name.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                    || count > (decimal)Longest.Ticks / ticks)
                {
                    return false;
                }

                duration = TimeSpan.FromTicks((long)(count * ticks));
                return true;
            }
        }

        return false;
    }
}
