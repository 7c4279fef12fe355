using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Purges;

/// <summary>Purges of several objects, by path, by prefix and by tag. Immutable.</summary>
/// <remarks>A look-up costs one probe for each distinct length of a prefix, and one for each tag of the object.</remarks>
internal sealed class GroupPurges
{
    private const int TagStampsKept = 16 * 1024;

    private readonly Dictionary<Hash128, Purge> _all;
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _paths;
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _prefixes;
    private readonly int[] _lengths;
    private readonly Dictionary<uint, long> _tags = []; // by ObjectTags.HashOf
    private readonly HashSet<long> _tagStamps;

    /// <param name="all">The purges.</param>
    /// <param name="earlierTagStamps">Stamps of purges by tag that a later one of the same tag replaced, or that are forgotten.</param>
    private GroupPurges(Dictionary<Hash128, Purge> all, IEnumerable<long> earlierTagStamps)
    {
        _all = all;
        _tagStamps = [.. earlierTagStamps];
        _lengths = [];
        if (all.Count == 0) // at each start: the look-ups read nothing else then
        {
            return;
        }

        _paths = StampsOf(PurgeScope.Path);
        _prefixes = StampsOf(PurgeScope.Prefix);
        _lengths = [.. _prefixes.Dictionary.Keys.Select(prefix => prefix.Length).Distinct().Order()];
        foreach (var purge in all.Values.Where(purge => purge.Scope is PurgeScope.Tag))
        {
            var hash = ObjectTags.HashOf(purge.Path);
            _tags[hash] = Math.Max(purge.Stamp, _tags.GetValueOrDefault(hash));
            _tagStamps.Add(purge.Stamp);
            NewestOfTags = Math.Max(NewestOfTags, purge.Stamp);
        }
    }

    public static GroupPurges None { get; } = new([], []);

    public int Count => _all.Count;

    public IReadOnlyCollection<Purge> All => _all.Values;

    /// <summary>The latest stamp of the purges by tag; 0 for none.</summary>
    public long NewestOfTags { get; }

    /// <summary>Returns whether a purge by tag has this stamp, or had it: content may be of that generation still.</summary>
    public bool HasTagStamp(long stamp) => _tagStamps.Contains(stamp);

    /// <summary>Returns the latest stamp of the purges by tag that cover an object with these tags; 0 for none.</summary>
    public long StampOf(ObjectTags tags)
    {
        if (tags.IsNone || _tags.Count == 0)
        {
            return 0;
        }

        if (tags.IsAny)
        {
            return NewestOfTags;
        }

        var latest = 0L;
        foreach (var hash in tags.Hashes)
        {
            if (_tags.TryGetValue(hash, out var stamp))
            {
                latest = Math.Max(latest, stamp);
            }
        }

        return latest;
    }

    /// <summary>Returns the latest stamp of all purges that cover an object with these tags; 0 for none.</summary>
    public long StampOf(ObjectId id, ObjectTags tags) => Math.Max(StampOf(id), StampOf(tags));

    /// <summary>Returns the latest stamp of a purge with this path, prefix or tag; 0 for none.</summary>
    public long StampOf(Hash128 key) => _all.TryGetValue(key, out var purge) ? purge.Stamp : 0;

    /// <summary>Returns the latest stamp of all purges by path and prefix that cover an object; 0 for none.</summary>
    public long StampOf(ObjectId id) => _all.Count == 0 ? 0 : StampOf(id.Text);

    /// <summary>Returns the latest stamp of all purges by path and prefix that cover an object; 0 for none.</summary>
    /// <param name="text"><see cref="ObjectId.Text"/> of the object.</param>
    public long StampOf(string text)
    {
        if (_all.Count == 0)
        {
            return 0;
        }

        var latest = _paths.TryGetValue(text.AsSpan(0, QueryParameters.EndOfPath(text)), out var stamp) ? stamp : 0;
        foreach (var length in _lengths)
        {
            if (length > text.Length)
            {
                break;
            }

            if (_prefixes.TryGetValue(text.AsSpan(0, length), out stamp))
            {
                latest = Math.Max(latest, stamp);
            }
        }

        return latest;
    }

    /// <summary>Returns these purges and more. Of two with the same scope and path or tag the later one stays.</summary>
    /// <param name="more">Purges of several objects.</param>
    /// <param name="most">Most purges that stay: the latest.</param>
    /// <param name="forgotten">The latest stamp that did not stay; 0 if all did.</param>
    public GroupPurges With(IEnumerable<Purge> more, int most, out long forgotten)
    {
        var all = new Dictionary<Hash128, Purge>(_all);
        var earlier = new List<long>();
        foreach (var purge in more)
        {
            if (!all.TryGetValue(purge.Object, out var known) || known.Stamp < purge.Stamp)
            {
                all[purge.Object] = purge;
                Drop(known);
            }
        }

        forgotten = 0;
        foreach (var purge in all.Values.OrderBy(purge => purge.Stamp).Take(all.Count - most).ToList())
        {
            all.Remove(purge.Object);
            forgotten = purge.Stamp;
            Drop(purge);
        }

        return new GroupPurges(all, earlier is [] ? _tagStamps : _tagStamps.Concat(earlier).OrderDescending().Take(TagStampsKept));

        void Drop(Purge? purge)
        {
            if (purge is { Scope: PurgeScope.Tag, Stamp: var stamp })
            {
                earlier.Add(stamp);
            }
        }
    }

    private Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> StampsOf(PurgeScope scope) =>
        _all.Values.Where(purge => purge.Scope == scope).ToDictionary(purge => purge.Path!, purge => purge.Stamp, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
}
