using System.Globalization;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Which renditions of a film are wanted: by height, by bandwidth, or all.</summary>
internal sealed class RenditionChoice
{
    /// <summary>The expected form, for messages.</summary>
    public const string Expected = "a list such as 720p,1080p or 3M: heights, and the bandwidth up to which renditions are fetched, in bits a second";

    private readonly HashSet<int> _heights = [];
    private long? _mostBandwidth;

    private RenditionChoice()
    {
    }

    public static RenditionChoice All { get; } = new();

    public bool IsAll => _heights.Count == 0 && _mostBandwidth is null;

    /// <summary>Parses a list; returns null if it is not one.</summary>
    public static RenditionChoice? Parse(string text)
    {
        var choice = new RenditionChoice();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part is [.. var height, 'p'] && TryRead(height, 1, out var lines) && lines <= int.MaxValue)
            {
                choice._heights.Add((int)lines);
            }
            else if (part is [.. var mega, 'M' or 'm'] && TryRead(mega, 1_000_000, out var bandwidth)
                || part is [.. var kilo, 'k' or 'K'] && TryRead(kilo, 1_000, out bandwidth)
                || TryRead(part, 1, out bandwidth))
            {
                choice._mostBandwidth = Math.Max(choice._mostBandwidth ?? 0, bandwidth);
            }
            else
            {
                return null;
            }
        }

        return choice;
    }

    public bool Contains(Rendition rendition) =>
        IsAll
        || (rendition.Height is { } height && (_heights.Contains(height) || (rendition.Width is { } width && _heights.Contains(Math.Min(width, height)))))
        || (rendition.Bandwidth is { } bandwidth && bandwidth <= _mostBandwidth);

    /// <summary>Returns those that are wanted.</summary>
    /// <exception cref="PlaylistException">There are some, and none of them is wanted.</exception>
    public IReadOnlyList<T> Of<T>(IReadOnlyList<T> all, Func<T, Rendition> renditionOf)
    {
        List<T> chosen = [.. all.Where(one => Contains(renditionOf(one)))];
        return chosen is [] && all is not []
            ? throw new PlaylistException($"it has no such rendition; it has {string.Join(", ", all.Select(one => renditionOf(one).ToString()).Distinct().Take(20))}")
            : chosen;
    }

    private static bool TryRead(string text, long unit, out long number)
    {
        number = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value <= 0 || value > long.MaxValue / unit)
        {
            return false;
        }

        number = (long)(value * unit);
        return true;
    }
}
