using System.Globalization;
using System.Text;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>A template of DASH addresses, such as <c>video_$RepresentationID$_$Number%05d$.m4s</c> (ISO/IEC 23009-1 §5.3.9.4.4).</summary>
internal sealed class SegmentName
{
    private const int MostDigits = 20; // of any number there is
    private const int Longest = 16 * 1024; // characters of an address

    private readonly List<(string Text, string? Value, int Width)> _parts = []; // a text, and the value behind it

    private SegmentName()
    {
    }

    /// <exception cref="PlaylistException">The text is not a template.</exception>
    public static SegmentName Parse(string template)
    {
        if (template.Length > Longest)
        {
            throw Invalid(template);
        }

        var name = new SegmentName();
        var pieces = template.Split('$');
        if (pieces.Length % 2 == 0)
        {
            throw Invalid(template);
        }

        for (var i = 0; i < pieces.Length; i += 2)
        {
            var (value, width) = i + 1 < pieces.Length ? ValueOf(pieces[i + 1], template) : (null, 0);
            name._parts.Add((pieces[i], value, width));
        }

        return name;
    }

    /// <summary>Returns the address of one segment.</summary>
    /// <exception cref="PlaylistException">It is too long.</exception>
    public string Of(string representation, long bandwidth, long number, long time)
    {
        var address = new StringBuilder();
        foreach (var (text, value, width) in _parts)
        {
            if (address.Length + text.Length + representation.Length > Longest)
            {
                throw new PlaylistException($"it names an address of more than {Longest} characters");
            }

            address.Append(text);
            _ = value switch
            {
                null => address,
                "" => address.Append('$'),
                "RepresentationID" => address.Append(representation),
                "Bandwidth" => address.Append(Digits(bandwidth, width)),
                "Number" => address.Append(Digits(number, width)),
                _ => address.Append(Digits(time, width)),
            };
        }

        return address.ToString();
    }

    private static (string Value, int Width) ValueOf(string piece, string template)
    {
        var percent = piece.IndexOf('%', StringComparison.Ordinal);
        var value = percent < 0 ? piece : piece[..percent];
        var width = percent < 0 ? 0 : WidthOf(piece[(percent + 1)..], template);
        return value is "Number" or "Time" or "Bandwidth" || (value is "" or "RepresentationID" && percent < 0) ? (value, width) : throw Invalid(template);
    }

    // %0[width]d, as in C
    private static int WidthOf(string format, string template) =>
        format is ['0', .. var width, 'd'] && int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out var digits) && digits <= MostDigits ? digits : throw Invalid(template);

    private static string Digits(long number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');

    private static PlaylistException Invalid(string template) => new($"'{PlaylistText.Shorten(template)}' is not a template of addresses that is known here");
}
