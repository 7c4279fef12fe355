using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Purges;

/// <summary>The objects of several purges, to find their content.</summary>
internal sealed class PurgeSelection
{
    private readonly Dictionary<UInt128, long> _objects;
    private readonly GroupPurges _groups;

    /// <param name="purges">At most one for each object, path and prefix.</param>
    public PurgeSelection(IReadOnlyCollection<Purge> purges)
    {
        _objects = purges.Where(purge => !purge.IsOfSeveral).ToDictionary(purge => purge.Object, purge => purge.Stamp);
        _groups = GroupPurges.None.With(purges.Where(purge => purge.IsOfSeveral), int.MaxValue, out _);
    }

    /// <summary>Whether a purge is for several objects.</summary>
    public bool HasGroups => _groups.Count > 0;

    /// <summary>Hashes of the objects that are purged one by one.</summary>
    public IReadOnlyCollection<UInt128> Objects => _objects.Keys;

    /// <summary>Returns whether a content of the object, fetched under a generation, is purged.</summary>
    public bool Contains(ObjectId id, long generation) => Contains(id.Hash, generation) || generation < _groups.StampOf(id);

    /// <summary>Does the same by the hash of an id, for purges of single objects.</summary>
    public bool Contains(UInt128 id, long generation) => _objects.TryGetValue(id, out var stamp) && generation < stamp;

    /// <summary>Does the same by the key of an object, for purges of several objects.</summary>
    public bool GroupsContain(string pathAndQuery, long generation) => generation < _groups.StampOf(pathAndQuery);

    /// <summary>Returns the keys of the purges that cover an object.</summary>
    public IEnumerable<UInt128> PurgesOf(ObjectId id) =>
        _groups.All.Where(purge => purge.Covers(id)).Select(purge => purge.Object).Concat(_objects.ContainsKey(id.Hash) ? [id.Hash] : []);
}
