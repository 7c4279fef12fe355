namespace ChunkProxy.Web.Cli.Playlists;

/// <summary>Collects what a playlist names. Each object is there once: ranges that touch are joined, and the whole object replaces its ranges.</summary>
/// <param name="address">The address of the playlist.</param>
internal sealed class References(Uri address)
{
    /// <summary>Most objects and ranges that one playlist may name: 69 hours of segments of two seconds, in two renditions.</summary>
    public const int MostObjects = 250_000;

    /// <summary>Most playlists that one playlist may name.</summary>
    public const int MostPlaylists = 1_000;

    private readonly Dictionary<string, Entry> _objects = new(StringComparer.Ordinal);
    private readonly List<Entry> _inOrder = [];
    private readonly List<Uri> _playlists = [];
    private int _count;
    private int _otherSchemes;

    public PlaylistContent ToContent(bool isLive) =>
        new(_playlists, [.. _inOrder.SelectMany(entry => entry.Joined())], _otherSchemes, isLive);

    /// <exception cref="PlaylistException">There are too many.</exception>
    public void AddPlaylist(string reference)
    {
        if (Resolve(address, reference) is { } playlist)
        {
            _playlists.Add(_playlists.Count < MostPlaylists ? playlist : throw new PlaylistException($"it names more than {MostPlaylists} playlists"));
        }
    }

    /// <summary>Adds a key.</summary>
    /// <exception cref="PlaylistException">There are too many objects.</exception>
    public void AddKey(string reference) => Add(address, reference, bytes: null, isKey: true);

    /// <summary>Adds an object, or a range of it.</summary>
    /// <param name="reference">The URI reference, relative to the playlist.</param>
    /// <param name="bytes">The range; null: the whole object.</param>
    /// <exception cref="PlaylistException">There are too many.</exception>
    public void Add(string reference, ByteSpan? bytes) => Add(address, reference, bytes);

    /// <inheritdoc cref="Add(string, ByteSpan?)"/>
    public void Add(Uri relativeTo, string reference, ByteSpan? bytes) => Add(relativeTo, reference, bytes, isKey: false);

    /// <summary>Returns the address that a reference names (RFC 3986 §5.2); null and counted if it is not fetched by HTTP.</summary>
    public Uri? Resolve(Uri relativeTo, string reference)
    {
        if (UriReference.Resolve(relativeTo, reference) is { Scheme: "http" or "https" } found)
        {
            return found;
        }

        _otherSchemes++;
        return null;
    }

    private void Add(Uri relativeTo, string reference, ByteSpan? bytes, bool isKey)
    {
        if (++_count > MostObjects)
        {
            throw new PlaylistException($"it names more than {MostObjects} segments");
        }

        if (Resolve(relativeTo, reference) is not { } found)
        {
            return;
        }

        if (!_objects.TryGetValue(found.AbsoluteUri, out var entry))
        {
            entry = new Entry(found, isKey);
            _objects.Add(found.AbsoluteUri, entry);
            _inOrder.Add(entry);
        }

        entry.Add(bytes);
    }

    private sealed class Entry(Uri address, bool isKey)
    {
        private readonly List<ByteSpan> _ranges = [];
        private bool _isWhole;

        public void Add(ByteSpan? bytes)
        {
            if (bytes is not { } range)
            {
                _isWhole = true;
            }
            else if (_ranges is [.., var last] && last.End == range.Start)
            {
                _ranges[^1] = last with { End = range.End };
            }
            else
            {
                _ranges.Add(range);
            }
        }

        public IEnumerable<ObjectReference> Joined()
        {
            if (_isWhole)
            {
                yield return new ObjectReference(address, null, isKey);
                yield break;
            }

            ByteSpan? joined = null;
            foreach (var range in _ranges.OrderBy(range => range.Start))
            {
                if (joined is { } before && range.Start <= before.End)
                {
                    joined = before with { End = Math.Max(before.End, range.End) };
                    continue;
                }

                if (joined is not null)
                {
                    yield return new ObjectReference(address, joined, isKey);
                }

                joined = range;
            }

            yield return new ObjectReference(address, joined, isKey);
        }
    }
}
