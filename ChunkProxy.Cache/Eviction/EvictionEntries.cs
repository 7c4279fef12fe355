namespace ChunkProxy.Cache.Eviction;

/// <summary>Entries that are objects.</summary>
internal readonly struct EvictionEntries<TKey> : IEvictionNodes<EvictionEntry<TKey>?>
    where TKey : notnull
{
    public EvictionEntry<TKey>? None => null;

    public bool IsNone(EvictionEntry<TKey>? node) => node is null;

    public long SizeOf(EvictionEntry<TKey>? node) => node!.Size;

    public uint HashOf(EvictionEntry<TKey>? node)
    {
        // The hash codes of numbers are the numbers; the mixing (of MurmurHash3) makes them uniform.
        var hash = (uint)node!.Key.GetHashCode();
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    public bool IsInUse(EvictionEntry<TKey>? node) => node!.IsInUse;

    public EvictionPlace PlaceOf(EvictionEntry<TKey>? node) => node!.Place;

    public void SetPlace(EvictionEntry<TKey>? node, EvictionPlace place) => node!.Place = place;

    public EvictionEntry<TKey>? OlderOf(EvictionEntry<TKey>? node) => node!.Older;

    public void SetOlder(EvictionEntry<TKey>? node, EvictionEntry<TKey>? older) => node!.Older = older;

    public EvictionEntry<TKey>? NewerOf(EvictionEntry<TKey>? node) => node!.Newer;

    public void SetNewer(EvictionEntry<TKey>? node, EvictionEntry<TKey>? newer) => node!.Newer = newer;

    public int HitsOf(EvictionEntry<TKey>? node) => node!.Hits;

    public void ClearHits(EvictionEntry<TKey>? node) => node!.Hits = 0;
}
