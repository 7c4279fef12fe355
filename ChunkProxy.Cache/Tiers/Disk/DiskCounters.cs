namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Counters of one disk tier. Updated with <see cref="Interlocked"/>.</summary>
internal sealed class DiskCounters
{
    public long Hits;
    public long Misses;
    public long Reads;
    public long ReadBytes;
    public long Writes;
    public long DroppedWrites;
    public long Evictions;
    public long Damaged;
}
