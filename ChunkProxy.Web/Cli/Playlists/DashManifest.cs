using System.Xml.Linq;

namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Reads a static DASH manifest (ISO/IEC 23009-1): periods, adaptation sets, representations, and their segments.</summary>
internal sealed class DashManifest
{
    /// <summary>Most representations in all periods.</summary>
    private const int MostRepresentations = 2_000;

    private readonly Uri _address;
    private readonly References _references;

    private DashManifest(Uri address)
    {
        _address = address;
        _references = new References(address);
    }

    /// <param name="text">The manifest.</param>
    /// <param name="address">Its address.</param>
    /// <param name="choice">Which renditions are wanted. It selects among those with a picture; sound and subtitles are always wanted.</param>
    /// <param name="withIFrames">Whether key frames for previews are wanted (trick modes).</param>
    /// <exception cref="PlaylistException">The text is not a static manifest, it names too much, or it has none of the renditions.</exception>
    public static PlaylistContent Read(string text, Uri address, RenditionChoice choice, bool withIFrames)
    {
        var root = DashElement.Parse(text);
        if (DashElement.TextOf(root, "type") is "dynamic")
        {
            throw new PlaylistException("it is live (type=\"dynamic\"): only a static manifest names all of its segments");
        }

        var manifest = new DashManifest(address);
        manifest.ReadPeriods(root, choice, withIFrames);
        return manifest._references.ToContent(isLive: false);
    }

    private void ReadPeriods(XElement root, RenditionChoice choice, bool withIFrames)
    {
        var manifest = new DashLevel(root);
        var representations = new List<DashRepresentation>();
        foreach (var (period, length) in PeriodsOf(root))
        {
            foreach (var set in DashElement.Children(period.Element, "AdaptationSet").Where(set => withIFrames || !IsTrickMode(set)).Select(set => new DashLevel(set)))
            {
                foreach (var one in DashElement.Children(set.Element, "Representation"))
                {
                    representations.Add(representations.Count < MostRepresentations
                        ? new DashRepresentation([manifest, period, set, new DashLevel(one)], length)
                        : throw new PlaylistException($"it has more than {MostRepresentations} representations"));
                }
            }
        }

        var pictures = choice.Of([.. representations.Where(one => one.IsVideo)], one => one.Rendition);
        foreach (var representation in pictures.Concat(representations.Where(one => !one.IsVideo)))
        {
            Read(representation);
        }
    }

    private static bool IsTrickMode(XElement set) => set.Elements()
        .Any(property => property.Name.LocalName is "EssentialProperty" or "SupplementalProperty" && DashElement.TextOf(property, "schemeIdUri") is "http://dashif.org/guidelines/trickmode");

    // A period without a duration ends where the next one begins, and the last one at the end of the film.
    private static IEnumerable<(DashLevel Period, TimeSpan? Length)> PeriodsOf(XElement root)
    {
        var periods = DashElement.Children(root, "Period").ToList();
        TimeSpan? end = TimeSpan.Zero;
        for (var i = 0; i < periods.Count; i++)
        {
            var start = DashElement.DurationOf(periods[i], "start") ?? end;
            var length = DashElement.DurationOf(periods[i], "duration")
                ?? (i + 1 < periods.Count ? DashElement.DurationOf(periods[i + 1], "start") : DashElement.DurationOf(root, "mediaPresentationDuration")) - start;
            end = start < TimeSpan.MaxValue / 2 && length < TimeSpan.MaxValue / 2 ? start + length : null;
            yield return (new DashLevel(periods[i]), length);
        }
    }

    private void Read(DashRepresentation representation)
    {
        if (representation.BaseOf(_address, _references) is not { } relativeTo)
        {
            return;
        }

        switch (representation.Addressing)
        {
            case "SegmentTemplate":
                ReadTemplate(representation, relativeTo);
                break;
            case "SegmentList":
                ReadList(representation, relativeTo);
                break;
            default:
                ReadFile(representation, relativeTo);
                break;
        }
    }

    private void ReadTemplate(DashRepresentation representation, Uri relativeTo)
    {
        if (representation.Attribute("initialization") is { } initialization)
        {
            _references.Add(relativeTo, NameOf(representation, SegmentName.Parse(initialization), 0, 0), null);
        }
        else
        {
            AddInitialization(representation, relativeTo);
        }

        if (representation.Attribute("media") is not { } media)
        {
            return;
        }

        var name = SegmentName.Parse(media);
        foreach (var (number, time) in representation.Segments())
        {
            _references.Add(relativeTo, NameOf(representation, name, number, time), null);
        }
    }

    private void ReadList(DashRepresentation representation, Uri relativeTo)
    {
        AddInitialization(representation, relativeTo);
        foreach (var segment in representation.Elements("SegmentURL"))
        {
            var range = DashElement.TextOf(segment, "mediaRange") is { } text ? ByteSpan.OfBounds(text) : (ByteSpan?)null;
            _references.Add(relativeTo, DashElement.TextOf(segment, "media") ?? "", range);
        }
    }

    // One file, with an index of its own: all of it.
    private void ReadFile(DashRepresentation representation, Uri relativeTo)
    {
        if (relativeTo != _address)
        {
            _references.Add(relativeTo, "", null);
        }

        if (representation.Elements("Initialization").FirstOrDefault() is { } initialization && DashElement.TextOf(initialization, "sourceURL") is not null)
        {
            AddInitialization(representation, relativeTo);
        }
    }

    private void AddInitialization(DashRepresentation representation, Uri relativeTo)
    {
        if (representation.Elements("Initialization").FirstOrDefault() is { } initialization)
        {
            var range = DashElement.TextOf(initialization, "range") is { } text ? ByteSpan.OfBounds(text) : (ByteSpan?)null;
            _references.Add(relativeTo, DashElement.TextOf(initialization, "sourceURL") ?? "", range);
        }
    }

    private static string NameOf(DashRepresentation representation, SegmentName name, long number, long time) =>
        name.Of(representation.Id, representation.Rendition.Bandwidth ?? 0, number, time);
}
