using System.Globalization;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Parses durations of flags, such as <c>6h</c>.</summary>
internal static class DurationText
{
    /// <summary>Parses a number with s, m, h or d.</summary>
    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = default;
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > 1_000_000)
        {
            return false;
        }

        duration = text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => default,
        };
        return duration > TimeSpan.Zero;
    }
}
