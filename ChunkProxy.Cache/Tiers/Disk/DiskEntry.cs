using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A file of the tier. Its size is what it takes on disk, not its length.</summary>
internal sealed class DiskEntry(ChunkKey key, long size) : EvictionEntry<ChunkKey>(key, size)
{
    private const long Unit = 4096;

    private int _readers;
    private int _isCondemned;

    /// <summary>An open file gives its room back only when it is closed.</summary>
    public override bool IsInUse => Volatile.Read(ref _readers) > 0;

    /// <summary>To be deleted. Until that has been done it counts for the budget, and nobody finds it.</summary>
    public bool IsCondemned => Volatile.Read(ref _isCondemned) != 0;

    /// <summary>The file has no name any more; closing it frees its blocks, which takes time.</summary>
    public bool IsGone { get; set; }

    /// <summary>True for the first who asks.</summary>
    public bool Condemn() => Interlocked.Exchange(ref _isCondemned, 1) == 0;

    public void Enter() => Interlocked.Increment(ref _readers);

    public void Leave() => Interlocked.Decrement(ref _readers);

    /// <summary>Bytes on disk of a file, or of a directory of length 1: rounded up to the file systems' usual unit.</summary>
    public static long SizeOnDisk(long length) => (length + Unit - 1) / Unit * Unit;
}
