using System.Globalization;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>A range of bytes in a playlist. It is not empty.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">The byte after the last one.</param>
internal readonly record struct ByteSpan(long Start, long End)
{
    /// <summary>Parses <c>length@start</c> or <c>length</c>, as HLS writes it (RFC 8216 §4.3.2.2).</summary>
    /// <param name="text">The text.</param>
    /// <param name="startElse">The start, if the text has none.</param>
    /// <exception cref="PlaylistException">The text is not a range.</exception>
    public static ByteSpan OfLength(string text, long startElse)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var start = at < 0 ? startElse : NumberOf(text[(at + 1)..], text);
        var length = NumberOf(at < 0 ? text : text[..at], text);
        return length > 0 && start <= long.MaxValue - length ? new ByteSpan(start, start + length) : throw Invalid(text);
    }

    /// <summary>Parses <c>first-last</c>, as DASH writes it.</summary>
    /// <exception cref="PlaylistException">The text is not a range.</exception>
    public static ByteSpan OfBounds(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash < 0 ? throw Invalid(text) : (NumberOf(text[..dash], text), NumberOf(text[(dash + 1)..], text));
        return first <= last && last < long.MaxValue ? new ByteSpan(first, last + 1) : throw Invalid(text);
    }

    /// <summary>Formats the range as <c>first-last</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start}-{End - 1}");

    private static long NumberOf(string text, string whole) =>
        long.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : throw Invalid(whole);

    private static PlaylistException Invalid(string text) => new($"'{PlaylistText.Shorten(text)}' is not a range of bytes");
}
