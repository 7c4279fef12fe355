using System.Globalization;

namespace ChunkProxy.Cache.Origin;

/// <summary>Parses the three date formats of RFC 9110 §5.6.7.</summary>
internal static class HttpDate
{
    private const string ImfFixdate = "ddd, dd MMM yyyy HH:mm:ss 'GMT'";
    private const string Rfc850WithoutWeekday = "dd-MMM-yy HH:mm:ss 'GMT'";
    private static readonly string[] Asctime = ["ddd MMM dd HH:mm:ss yyyy", "ddd MMM  d HH:mm:ss yyyy"];

    /// <summary>
    /// Parses a date; false if invalid. An invalid date makes a precondition ignored (§13.1.3, §13.1.4) and an <c>Expires</c> past (RFC 9111 §5.3).
    /// </summary>
    /// <param name="text">The field's value.</param>
    /// <param name="now">Determines the century of a two-digit year.</param>
    /// <param name="date">The date, to the second.</param>
    public static bool TryParse(string? text, DateTimeOffset now, out DateTimeOffset date)
    {
        date = default;
        if (text is null)
        {
            return false;
        }

        return Try(text, ImfFixdate, out date) || TryRfc850(text, now, out date) || Try(text, Asctime[0], out date) || Try(text, Asctime[1], out date);
    }

    public static string Format(DateTimeOffset date) => date.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture);

    private static bool TryRfc850(string text, DateTimeOffset now, out DateTimeOffset date)
    {
        date = default;
        var comma = text.IndexOf(", ", StringComparison.Ordinal);
        if (comma < 0 || !Enum.TryParse<DayOfWeek>(text.AsSpan(0, comma), out _) || !Try(text.AsSpan(comma + 2), Rfc850WithoutWeekday, out date))
        {
            return false;
        }

        // A two-digit year that appears to be more than 50 years ahead is the most recent past year with those digits (§5.6.7).
        var century = (now.Year / 100 * 100) + 100;
        var year = century + (date.Year % 100);
        while (year > now.Year + 50)
        {
            year -= 100;
        }

        if (date is { Month: 2, Day: 29 } && !DateTime.IsLeapYear(year))
        {
            return false;
        }

        date = date.AddYears(year - date.Year);
        return true;
    }

    private static bool Try(ReadOnlySpan<char> text, string format, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
}
