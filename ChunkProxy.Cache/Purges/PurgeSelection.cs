using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Purges;

/// <summary>The objects of several purges, to find their content.</summary>
internal sealed class PurgeSelection
{
    private readonly Dictionary<Hash128, long> _objects;
    private readonly GroupPurges _groups;

    /// <param name="purges">Of several for one object, the latest counts.</param>
    public PurgeSelection(IReadOnlyCollection<Purge> purges)
    {
        _objects = [];
        foreach (var purge in purges.Where(purge => !purge.IsOfSeveral))
        {
            _objects[purge.Object] = Math.Max(purge.Stamp, _objects.GetValueOrDefault(purge.Object));
        }

        _groups = GroupPurges.None.With(purges.Where(purge => purge.IsOfSeveral), int.MaxValue, out _);
    }

    /// <summary>The purges that are for several objects.</summary>
    public GroupPurges Groups => _groups;

    /// <summary>Hashes of the objects that are purged one by one.</summary>
    public IReadOnlyCollection<Hash128> Objects => _objects.Keys;

    /// <summary>Returns whether a content of the object with these tags, fetched under a generation, is purged.</summary>
    public bool Contains(ObjectId id, ObjectTags tags, long generation) =>
        Contains(id.Hash, generation) || generation < _groups.StampOf(id, tags);

    /// <summary>Does the same by the hash of an id, for purges of single objects.</summary>
    public bool Contains(Hash128 id, long generation) => _objects.TryGetValue(id, out var stamp) && generation < stamp;

    /// <summary>Returns the keys of the purges that cover a version's object.</summary>
    public IEnumerable<Hash128> PurgesOf(ObjectVersion version) =>
        _groups.All.Where(purge => purge.Covers(version)).Select(purge => purge.Object).Concat(_objects.ContainsKey(version.Id.Hash) ? [version.Id.Hash] : []);
}
