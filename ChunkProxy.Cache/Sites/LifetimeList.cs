using System.Globalization;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>Reads lists of <c>name=time</c>, separated by commas. A time is a number with <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
internal static class LifetimeList
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <exception cref="FormatException">An entry is invalid.</exception>
    public static IEnumerable<NamedLifetime> Parse(string? list) =>
        SettingText.ListOf(list).Select(ParseEntry);

    private static NamedLifetime ParseEntry(string entry)
    {
        var equals = entry.LastIndexOf('=');
        return equals > 0 && TimeOf(entry.AsSpan(equals + 1)) is { } lifetime && lifetime <= Longest
            ? new NamedLifetime(entry[..equals].TrimEnd(), lifetime)
            : throw new FormatException($"'{entry}' is not name=time with a time such as 0s, 30s, 10m, 2h or 365d, at most 3650d");
    }

    private static TimeSpan? TimeOf(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        return text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? text[^1] switch
            {
                's' => TimeSpan.FromSeconds(count),
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(Math.Min(count, 100_000)),
                _ => null,
            }
            : null;
    }
}
