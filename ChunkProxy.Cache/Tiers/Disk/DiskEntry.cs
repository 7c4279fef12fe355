using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Index entry of one file of the tier. Its size is the space on disk, not the file length.</summary>
/// <remarks>There is one for every chunk on disk, so each field counts. What only some entries need is allocated when they need it.</remarks>
internal sealed class DiskEntry(ChunkKey key, long size) : EvictionEntry<ChunkKey>(key, size)
{
    private const long Unit = 4096;

    private PromotionAccount[]? _promotion; // one; null before the first read that memory did not serve
    private ChunkFile? _kept;
    private int _readers;
    private volatile bool _isGone;
    private volatile bool _wasUsed;
    private byte _isCondemned;

    /// <summary>Whether readers have the file open. The space of an open file is freed only when the file is closed.</summary>
    public override bool IsInUse => Volatile.Read(ref _readers) > 0;

    /// <summary>Marked for deletion. Until deleted, the entry counts toward the budget, but look-ups miss it.</summary>
    public bool IsCondemned => Volatile.Read(ref _isCondemned) != 0;

    /// <summary>The file was deleted. Closing the last handle frees its blocks, which takes time.</summary>
    public bool IsGone => _isGone;

    /// <summary>Cost of reads not served from memory. Guarded by the index lock.</summary>
    public ref PromotionAccount Promotion => ref (_promotion ??= new PromotionAccount[1])[0];

    /// <summary>Returns true for the first caller only.</summary>
    public bool Condemn() => Interlocked.Exchange(ref _isCondemned, (byte)1) == 0;

    public void Enter() => Interlocked.Increment(ref _readers);

    public void Leave() => Interlocked.Decrement(ref _readers);

    /// <summary>Keeps the file open until <see cref="CloseKept"/>. Returns false when one is already kept, or the entry's file was deleted.</summary>
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
            CloseKept(); // Gone may have run in between and found no file to close
        }

        return true;
    }

    /// <summary>Returns the kept file with a reference for the caller, or null.</summary>
    public ChunkFile? TryUseKept()
    {
        if (Volatile.Read(ref _kept) is { } kept && kept.TryRetain())
        {
            _wasUsed = true;
            return kept;
        }

        return null;
    }

    /// <summary>Whether the kept file was used since the previous call.</summary>
    public bool WasKeptUsed()
    {
        var wasUsed = _wasUsed;
        _wasUsed = false;
        return wasUsed;
    }

    public void CloseKept() => Interlocked.Exchange(ref _kept, null)?.Release();

    /// <summary>Records that the file was deleted, and closes it. Closing frees blocks: call only from threads that may block on the disk.</summary>
    public void Gone()
    {
        _isGone = true;
        CloseKept();
    }

    /// <summary>Space on disk of a file in bytes: its length rounded up to the usual block size of file systems. For a directory pass 1.</summary>
    public static long SizeOnDisk(long length) => (length + Unit - 1) / Unit * Unit;
}
