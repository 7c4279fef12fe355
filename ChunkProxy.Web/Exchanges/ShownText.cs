namespace ChunkProxy.Web.Exchanges;

/// <summary>Texts of clients, made fit to be shown to people: in a list, a log, a terminal.</summary>
internal static class ShownText
{
    private const char Left = '…';

    /// <summary>The path of a request target, at most so long: its end says more than its middle. A query is left out, it may hold a token.</summary>
    public static string PathOf(string target, int length)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? Shorten(target, length) : Shorten(target[..query], length - 2) + "?" + Left;
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
