using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The files on disk as the eviction policy sees them.</summary>
/// <param name="slots">All files.</param>
/// <param name="open">Entries of the files that are in use.</param>
internal readonly struct DiskNodes(DiskSlots slots, OpenEntries open) : IEvictionNodes<int>
{
    public int None => DiskSlots.None;

    public bool IsNone(int node) => node == DiskSlots.None;

    public long SizeOf(int node) => slots.SizeOf(node);

    public uint HashOf(int node) => (uint)(slots.HashOfSlot(node) >> 32);

    public bool IsInUse(int node) => slots[node].IsOpen && open[node].IsInUse;

    public EvictionPlace PlaceOf(int node) => slots[node].Place;

    public void SetPlace(int node, EvictionPlace place) => slots[node].Place = place;

    public int OlderOf(int node) => slots[node].Older;

    public void SetOlder(int node, int older) => slots[node].Older = older;

    public int NewerOf(int node) => slots[node].Newer;

    public void SetNewer(int node, int newer) => slots[node].Newer = newer;

    public int HitsOf(int node) => slots[node].Hits;

    public void ClearHits(int node) => slots[node].Hits = 0;
}
