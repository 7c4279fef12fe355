using System.Globalization;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>One rendition of a film, as a playlist describes it.</summary>
/// <param name="Width">In pixels; null if it is not stated.</param>
/// <param name="Height">In pixels; null if it is not stated.</param>
/// <param name="Bandwidth">In bits a second; null if it is not stated.</param>
internal readonly record struct Rendition(int? Width, int? Height, long? Bandwidth)
{
    /// <summary>Parses the attributes of a playlist. What is no number counts as not stated.</summary>
    public static Rendition Of(string? width, string? height, string? bandwidth) => new((int?)NumberOf(width, int.MaxValue), (int?)NumberOf(height, int.MaxValue), NumberOf(bandwidth, long.MaxValue));

    public override string ToString()
    {
        var size = Height is { } height ? string.Create(CultureInfo.InvariantCulture, $"{height}p") : "one without a height";
        return Bandwidth is { } bandwidth ? string.Create(CultureInfo.InvariantCulture, $"{size} ({bandwidth / 1000}k)") : size;
    }

    private static long? NumberOf(string? text, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most ? number : null;
}
