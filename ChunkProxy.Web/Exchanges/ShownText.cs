namespace ChunkProxy.Web.Exchanges;

/// <summary>Prepares clients' texts for display in a list, a log, or a terminal.</summary>
internal static class ShownText
{
    private const char Left = '…';

    /// <summary>Returns a target's path, shortened to a length, keeping mostly its end. The query is omitted: it may contain a token.</summary>
    public static string PathOf(string target, int length)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? Shorten(target, length) : Shorten(target[..query], length - 2) + "?" + Left;
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
