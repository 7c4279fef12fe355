using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A file of the tier. Its size is what it takes on disk, not its length.</summary>
internal sealed class DiskEntry(ChunkKey key, long size) : EvictionEntry<ChunkKey>(key, size)
{
    private const long Unit = 4096;

    private int _readers;
    private ChunkFile? _kept;
    private volatile bool _isGone;
    private volatile bool _wasUsed;
    private int _isCondemned;

    /// <summary>An open file gives its room back only when it is closed.</summary>
    public override bool IsInUse => Volatile.Read(ref _readers) > 0;

    /// <summary>To be deleted. Until that has been done it counts for the budget, and nobody finds it.</summary>
    public bool IsCondemned => Volatile.Read(ref _isCondemned) != 0;

    /// <summary>The file has no name any more; closing it frees its blocks, which takes time.</summary>
    public bool IsGone => _isGone;

    /// <summary>What reads past memory have cost; guarded by the index.</summary>
    public PromotionAccount Promotion;

    /// <summary>True for the first who asks.</summary>
    public bool Condemn() => Interlocked.Exchange(ref _isCondemned, 1) == 0;

    public void Enter() => Interlocked.Increment(ref _readers);

    public void Leave() => Interlocked.Decrement(ref _readers);

    /// <summary>Holds the file open until <see cref="CloseKept"/>. False: there is one, or the entry's file is gone.</summary>
    public bool TryKeep(ChunkFile file)
    {
        if (_isGone || !file.TryRetain())
        {
            return false;
        }

        if (Interlocked.CompareExchange(ref _kept, file, null) is not null)
        {
            file.Release();
            return false;
        }

        if (_isGone)
        {
            CloseKept(); // it went in between, and whoever made it go may have looked before the file was here
        }

        return true;
    }

    /// <summary>Returns the file that is held open, with a reference for the caller; or null.</summary>
    public ChunkFile? TryUseKept()
    {
        if (Volatile.Read(ref _kept) is { } kept && kept.TryRetain())
        {
            _wasUsed = true;
            return kept;
        }

        return null;
    }

    /// <summary>Whether the file that is held open was used since this was last asked.</summary>
    public bool WasKeptUsed()
    {
        var wasUsed = _wasUsed;
        _wasUsed = false;
        return wasUsed;
    }

    public void CloseKept() => Interlocked.Exchange(ref _kept, null)?.Release();

    /// <summary>Takes note that the file is gone. Closes it, which frees its blocks: for threads that may wait for the disk.</summary>
    public void Gone()
    {
        _isGone = true;
        CloseKept();
    }

    /// <summary>Bytes on disk of a file, or of a directory of length 1: rounded up to the file systems' usual unit.</summary>
    public static long SizeOnDisk(long length) => (length + Unit - 1) / Unit * Unit;
}
