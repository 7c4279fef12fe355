using System.Globalization;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Formats numbers for people, as the status page formats them.</summary>
internal static class Amount
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Bytes(long bytes)
    {
        double value = bytes;
        var unit = 0;
        while (Math.Abs(value) >= 1000 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return $"{Digits(value, unit == 0 || Math.Abs(value) >= 100 ? 0 : Math.Abs(value) >= 10 ? 1 : 2)} {Units[unit]}";
    }

    /// <param name="share">0 to 1. The result is "0 %" or "100 %" only if the share is exactly that.</param>
    public static string Percent(double share) => share switch
    {
        <= 0 => "0 %",
        >= 1 => "100 %",
        _ => $"{Digits(Math.Clamp(100 * share, 0.1, 99.9), share is > 0.1 and < 0.995 ? 0 : 1)} %",
    };

    public static string Time(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1 } => $"{Digits(time.TotalMicroseconds, 0)} µs",
        { TotalSeconds: < 1 } => $"{Digits(time.TotalMilliseconds, time.TotalMilliseconds < 10 ? 1 : 0)} ms",
        { TotalMinutes: < 1 } => $"{Digits(time.TotalSeconds, time.TotalSeconds < 10 ? 2 : 1)} s",
        _ => Age(time),
    };

    /// <summary>Formats a duration without fractions of its smallest unit.</summary>
    public static string Age(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{Digits(time.TotalSeconds, 0)} s",
        { TotalHours: < 1 } => $"{time.Minutes} min",
        { TotalDays: < 1 } => $"{time.Hours} h {time.Minutes} min",
        _ => $"{time.Days} d {time.Hours} h",
    };

    public static string Of(long count, string one, string many) => $"{Digits(count, 0)} {(count == 1 ? one : many)}";

    private static string Digits(double value, int digits) => value.ToString($"N{digits}", CultureInfo.InvariantCulture);
}
