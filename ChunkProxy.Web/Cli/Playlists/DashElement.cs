using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Reads elements of a DASH manifest. Their namespace does not count: there are several in use.</summary>
internal static class DashElement
{
    /// <summary>The greatest time: a sum of two is still a number.</summary>
    public const long MostTime = long.MaxValue / 2;

    private const int MostDepth = 50; // a manifest has ten

    /// <summary>Parses the text of a manifest. Entities and document types are refused, so that a text makes no more than itself.</summary>
    /// <exception cref="PlaylistException">The text is not a manifest.</exception>
    public static XElement Parse(string text)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        try
        {
            var manifest = text.TrimStart('\uFEFF');
            CheckDepth(manifest, settings);
            using var reader = XmlReader.Create(new StringReader(manifest), settings);
            return XDocument.Load(reader).Root is { Name.LocalName: "MPD" } root ? root : throw new PlaylistException("it is not a DASH manifest: its root is not MPD");
        }
        catch (XmlException invalid)
        {
            throw new PlaylistException($"it is not valid XML: {invalid.Message.TrimEnd('.')}");
        }
    }

    public static IEnumerable<XElement> Children(XElement element, string name) => element.Elements().Where(child => child.Name.LocalName == name);

    public static XElement? Child(XElement element, string name) => Children(element, name).FirstOrDefault();

    public static string? TextOf(XElement element, string attribute) => element.Attribute(attribute)?.Value;

    /// <param name="element">The element.</param>
    /// <param name="attribute">The name of its attribute.</param>
    /// <param name="most">The greatest value; the smallest one is -1, which says that something repeats until the end.</param>
    /// <exception cref="PlaylistException">The attribute is not such a number.</exception>
    public static long? LongOf(XElement element, string attribute, long most) =>
        TextOf(element, attribute) is not { } text ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= -1 && number <= most ? number
        : throw new PlaylistException($"{attribute}=\"{PlaylistText.Shorten(text)}\" is not a number");

    /// <summary>Returns a duration such as <c>PT1H2M3.4S</c>.</summary>
    /// <exception cref="PlaylistException">The attribute is not a duration.</exception>
    public static TimeSpan? DurationOf(XElement element, string attribute)
    {
        if (TextOf(element, attribute) is not { } text)
        {
            return null;
        }

        try
        {
            return XmlConvert.ToTimeSpan(text) is var duration && duration >= TimeSpan.Zero ? duration : throw new OverflowException();
        }
        catch (Exception invalid) when (invalid is FormatException or OverflowException)
        {
            throw new PlaylistException($"{attribute}=\"{PlaylistText.Shorten(text)}\" is not a duration");
        }
    }

    // XDocument takes time that grows with the square of the depth.
    private static void CheckDepth(string manifest, XmlReaderSettings settings)
    {
        using var reader = XmlReader.Create(new StringReader(manifest), settings);
        while (reader.Read())
        {
            if (reader.Depth > MostDepth)
            {
                throw new PlaylistException("its elements are nested too deep");
            }
        }
    }
}
