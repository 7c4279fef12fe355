namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Reads an HLS playlist (RFC 8216): a multivariant playlist, which names media playlists, or a media playlist, which names segments.</summary>
internal sealed class HlsPlaylist
{
    private const string Mark = "#EXTM3U";

    // Attributes by which a variant names its groups of alternative renditions.
    private static readonly string[] GroupTypes = ["AUDIO", "SUBTITLES", "VIDEO", "CLOSED-CAPTIONS"];

    private readonly References _references;
    private readonly List<Variant> _variants = [];
    private readonly List<Variant> _iFrames = [];
    private readonly List<(string Group, string Address)> _alternatives = [];
    private IReadOnlyDictionary<string, string>? _pendingVariant;
    private string? _pendingRange;
    private (string Address, long End) _previous = ("", 0); // of the previous range
    private bool _hasSegments;
    private bool _hasEnd;

    private HlsPlaylist(Uri address, HlsVariables? inherited)
    {
        _references = new References(address);
        Variables = new HlsVariables(address, inherited);
    }

    public HlsVariables Variables { get; }

    public PlaylistContent Content { get; private set; } = null!;

    /// <param name="text">The playlist.</param>
    /// <param name="address">Its address.</param>
    /// <param name="choice">Which renditions are wanted.</param>
    /// <param name="withIFrames">Whether playlists of key frames are wanted, which players use for previews.</param>
    /// <param name="inherited">The variables of the multivariant playlist that names this one.</param>
    /// <exception cref="PlaylistException">The text is not a playlist, it names too much, or it has none of the renditions.</exception>
    public static HlsPlaylist Read(string text, Uri address, RenditionChoice choice, bool withIFrames, HlsVariables? inherited = null)
    {
        var playlist = new HlsPlaylist(address, inherited);
        using var reader = new StringReader(text.TrimStart('\uFEFF'));
        if (reader.ReadLine()?.TrimEnd() is not { } first || !first.StartsWith(Mark, StringComparison.Ordinal))
        {
            throw new PlaylistException($"it is not an HLS playlist: it does not begin with {Mark}");
        }

        while (reader.ReadLine() is { } line)
        {
            playlist.ReadLine(line.Trim());
        }

        playlist.Choose(choice, withIFrames);
        playlist.Content = playlist._references.ToContent(isLive: playlist._hasSegments && !playlist._hasEnd);
        return playlist;
    }

    private void ReadLine(string line)
    {
        if (line is ['#', ..])
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            ReadTag(colon < 0 ? line : line[..colon], colon < 0 ? "" : line[(colon + 1)..]);
        }
        else if (line.Length > 0)
        {
            ReadAddress(Variables.Replace(line));
        }
    }

    private void ReadTag(string tag, string value)
    {
        switch (tag)
        {
            case "#EXT-X-DEFINE":
                Variables.Define(AttributesOf(value));
                break;
            case "#EXT-X-STREAM-INF":
                _pendingVariant = AttributesOf(value);
                break;
            case "#EXT-X-I-FRAME-STREAM-INF" when AttributesOf(value) is var attributes && attributes.TryGetValue("URI", out var address):
                AddVariant(_iFrames, address, attributes);
                break;
            case "#EXT-X-MEDIA" when AttributesOf(value) is var attributes && attributes.TryGetValue("URI", out var address):
                AddPlaylistTo(_alternatives, (GroupOf(attributes.GetValueOrDefault("TYPE"), attributes.GetValueOrDefault("GROUP-ID")), address));
                break;
            case "#EXT-X-KEY" or "#EXT-X-SESSION-KEY" when AttributesOf(value) is var attributes && attributes.TryGetValue("URI", out var address):
                if (attributes.GetValueOrDefault("METHOD") != "NONE")
                {
                    _references.AddKey(address);
                }

                break;
            case "#EXT-X-MAP" when AttributesOf(value) is var attributes && attributes.TryGetValue("URI", out var address):
                _references.Add(address, attributes.TryGetValue("BYTERANGE", out var range) ? ByteSpan.OfLength(range, startElse: 0) : null);
                break;
            case "#EXT-X-BYTERANGE":
                _pendingRange = value;
                break;
            case "#EXT-X-ENDLIST":
            case "#EXT-X-PLAYLIST-TYPE" when value == "VOD":
                _hasEnd = true;
                break;
        }
    }

    private IReadOnlyDictionary<string, string> AttributesOf(string list) => HlsAttributes.Parse(Variables.Replace(list));

    private void ReadAddress(string address)
    {
        if (_pendingVariant is { } attributes)
        {
            _pendingVariant = null;
            AddVariant(_variants, address, attributes);
            return;
        }

        _hasSegments = true;
        if (_pendingRange is not { } text)
        {
            _references.Add(address, null);
            return;
        }

        _pendingRange = null;
        var range = ByteSpan.OfLength(text, startElse: _previous.Address == address ? _previous.End : 0);
        _previous = (address, range.End);
        _references.Add(address, range);
    }

    private static void AddVariant(List<Variant> list, string address, IReadOnlyDictionary<string, string> attributes)
    {
        var size = attributes.GetValueOrDefault("RESOLUTION")?.Split('x') is [var width, var height] ? (width, height) : default;
        AddPlaylistTo(list, new Variant(
            address,
            Rendition.Of(size.width, size.height, attributes.GetValueOrDefault("BANDWIDTH")),
            [.. GroupTypes.Where(attributes.ContainsKey).Select(type => GroupOf(type, attributes[type]))]));
    }

    private static void AddPlaylistTo<T>(List<T> list, T playlist) =>
        list.Add(list.Count < References.MostPlaylists ? playlist : throw new PlaylistException($"it names more than {References.MostPlaylists} playlists"));

    // Without a choice, all alternatives are wanted; else those of the chosen variants.
    private void Choose(RenditionChoice choice, bool withIFrames)
    {
        var chosen = choice.Of(_variants, variant => variant.Rendition);
        var groups = chosen.SelectMany(variant => variant.Groups).ToHashSet(StringComparer.Ordinal);
        string[] wanted =
        [
            .. chosen.Select(variant => variant.Address),
            .. _alternatives.Where(alternative => choice.IsAll || groups.Contains(alternative.Group)).Select(alternative => alternative.Address),
            .. withIFrames ? _iFrames.Where(variant => choice.Contains(variant.Rendition)).Select(variant => variant.Address) : [],
        ];
        foreach (var address in wanted.Distinct(StringComparer.Ordinal))
        {
            _references.AddPlaylist(address);
        }
    }

    private static string GroupOf(string? type, string? id) => $"{type}:{id}";

    private sealed record Variant(string Address, Rendition Rendition, IReadOnlyList<string> Groups);
}
