using System.Xml.Linq;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>An element of a DASH manifest from which representations inherit: a manifest, a period, an adaptation set, or a representation itself.</summary>
/// <remarks>Its children are searched once, however many representations inherit from it.</remarks>
internal sealed class DashLevel
{
    private static readonly string[] Addressings = ["SegmentTemplate", "SegmentList", "SegmentBase"];

    public DashLevel(XElement element)
    {
        Element = element;
        BaseAddress = DashElement.Child(element, "BaseURL")?.Value; // of several, the first
        Addressing = Addressings.Select(name => DashElement.Child(element, name)).FirstOrDefault(child => child is not null);
    }

    public XElement Element { get; }

    public string? BaseAddress { get; }

    /// <summary>The element that says where segments are; null if the level does not say it.</summary>
    public XElement? Addressing { get; }
}
