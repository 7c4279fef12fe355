using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Texts of clients, made fit to be shown to people: in a list, a log, a terminal.</summary>
internal static class ShownText
{
    private const char Left = '…';

    /// <summary>A request target as <see cref="ShownPath"/> shows it, at most so long: the end of a path says more than its middle.</summary>
    public static string PathOf(string target, int length)
    {
        if (target is not ['/', ..])
        {
            return Shorten(ShownSetting.Url(target), length); // a URL, which may have a password
        }

        var shown = ShownPath.Of(target);
        return ShownPath.IsShown(shown) ? Shorten(shown[..^ShownPath.MarkLength], length - ShownPath.MarkLength) + shown[^ShownPath.MarkLength..] : Shorten(shown, length);
    }

    /// <summary>At most so many characters of a text, from its start and its end, without control characters.</summary>
    public static string Shorten(string text, int length)
    {
        if (text.Length > length)
        {
            var end = (length - 1) * 2 / 3;
            text = text[..(length - 1 - end)] + Left + text[^end..];
        }

        return text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.Contains('\x7f', StringComparison.Ordinal)
            ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter))
            : text;
    }
}
