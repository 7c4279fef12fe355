using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Prepares clients' texts for display in a list, a log, or a terminal.</summary>
internal static class ShownText
{
    private const char Left = '…';

    /// <summary>Returns a request target as <see cref="ShownPath"/> shows it, shortened to a length, keeping mostly the end of the path.</summary>
    public static string PathOf(string target, int length)
    {
        if (target is not ['/', ..])
        {
            return Shorten(ShownSetting.Url(target), length); // a URL, which may have a password
        }

        var shown = ShownPath.Of(target);
        return ShownPath.IsShown(shown) ? Shorten(shown[..^ShownPath.MarkLength], length - ShownPath.MarkLength) + shown[^ShownPath.MarkLength..] : Shorten(shown, length);
    }

    /// <summary>Shortens a text to a length, keeping its start and its end, and replaces control characters.</summary>
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
