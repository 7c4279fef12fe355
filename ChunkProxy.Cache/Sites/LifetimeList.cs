using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>Reads lists of <c>name=time</c>, separated by commas. A time is a <see cref="DurationText"/>.</summary>
internal static class LifetimeList
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <exception cref="FormatException">An entry is invalid.</exception>
    public static IEnumerable<NamedLifetime> Parse(string? list) =>
        SettingText.ListOf(list).Select(ParseEntry);

    private static NamedLifetime ParseEntry(string entry)
    {
        var equals = entry.LastIndexOf('=');
        return equals > 0 && DurationText.TryRead(entry.AsSpan(equals + 1), out var lifetime) && lifetime >= TimeSpan.Zero && lifetime <= Longest
            ? new NamedLifetime(entry[..equals].TrimEnd(), lifetime)
            : throw new FormatException($"'{entry}' is not name=time with a time such as 0s, 30s, 10m, 2h or 365d, at most 3650d");
    }
}
