using System.Xml.Linq;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>One representation of a DASH manifest, with what it inherits from its adaptation set and its period.</summary>
internal sealed class DashRepresentation
{
    private readonly DashLevel[] _levels; // from the manifest to the representation
    private readonly XElement[] _addressing; // the elements that say where segments are, the nearest first
    private readonly TimeSpan? _periodLength;

    /// <param name="levels">The manifest, the period, the adaptation set, and the representation.</param>
    /// <param name="periodLength">Length of the period; null if it is not stated.</param>
    public DashRepresentation(DashLevel[] levels, TimeSpan? periodLength)
    {
        _levels = levels;
        _periodLength = periodLength;
        Addressing = levels.LastOrDefault(level => level.Addressing is not null)?.Addressing!.Name.LocalName;
        _addressing = [.. levels.Reverse().Select(level => level.Addressing).OfType<XElement>().Where(element => element.Name.LocalName == Addressing)];
        var self = levels[^1].Element;
        Id = DashElement.TextOf(self, "id") ?? "";
        Rendition = Rendition.Of(Inherited("width"), Inherited("height"), DashElement.TextOf(self, "bandwidth"));
        IsVideo = Rendition.Height is not null || new[] { Inherited("contentType"), Inherited("mimeType") }.Any(type => type?.StartsWith("video", StringComparison.Ordinal) ?? false);
    }

    public string Id { get; }

    public Rendition Rendition { get; }

    public bool IsVideo { get; }

    /// <summary>The name of the element that says where segments are; null: the address is that of a file.</summary>
    public string? Addressing { get; }

    /// <summary>Returns the address to which those of the segments are relative; null if it is not fetched by HTTP.</summary>
    /// <param name="address">The address of the manifest.</param>
    /// <param name="references">Counts what is not fetched.</param>
    public Uri? BaseOf(Uri address, References references)
    {
        Uri? relativeTo = address;
        foreach (var text in _levels.Select(level => level.BaseAddress).OfType<string>())
        {
            relativeTo = relativeTo is null ? null : references.Resolve(relativeTo, text);
        }

        return relativeTo;
    }

    /// <summary>Returns an attribute of the element that says where segments are.</summary>
    public string? Attribute(string name) => _addressing.Select(element => DashElement.TextOf(element, name)).FirstOrDefault(value => value is not null);

    /// <summary>Returns children of the element that says where segments are: those of the nearest level that has any.</summary>
    public IEnumerable<XElement> Elements(string name) =>
        _addressing.Select(element => DashElement.Children(element, name)).FirstOrDefault(children => children.Any()) ?? [];

    /// <summary>Returns the segments of a template.</summary>
    /// <exception cref="PlaylistException">Their number is not known, or the manifest is invalid.</exception>
    public IEnumerable<(long Number, long Time)> Segments()
    {
        var timescale = Number("timescale") is { } stated and > 0 ? stated : 1;
        var length = _periodLength is { } period ? (decimal)period.Ticks / TimeSpan.TicksPerSecond * timescale : (decimal?)null;
        var offset = Number("presentationTimeOffset", DashElement.MostTime) ?? 0;
        var firstNumber = Number("startNumber") ?? 1;
        return Elements("SegmentTimeline").FirstOrDefault() is { } timeline
            ? SegmentTimes.Of(timeline, length + offset, firstNumber)
            : SegmentTimes.Equal(Number("duration") ?? 0, length, firstNumber, Number("endNumber"), offset);
    }

    private long? Number(string name, long most = uint.MaxValue) => _addressing.Select(element => DashElement.LongOf(element, name, most)).FirstOrDefault(value => value is not null);

    private string? Inherited(string attribute) => _levels.Skip(2).Reverse().Select(level => DashElement.TextOf(level.Element, attribute)).FirstOrDefault(value => value is not null);
}
