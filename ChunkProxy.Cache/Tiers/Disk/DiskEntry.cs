using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A file of the tier that is in use: it is being read, kept open, or evicted. The index has one entry at most for a file.</summary>
/// <param name="key">The chunk or record.</param>
/// <param name="size">Space on disk in bytes, not the file length.</param>
/// <param name="slot">The file in the index.</param>
/// <param name="unused">Called when the last use ends, on that thread.</param>
internal sealed class DiskEntry(ChunkKey key, long size, int slot = DiskSlots.None, Action<DiskEntry>? unused = null)
{
    /// <summary>Usual block size of file systems, in bytes.</summary>
    public const long Unit = 4096;

    private ChunkFile? _kept;
    private int _uses; // readers, and one for the kept file
    private int _readers;
    private int _isCondemned;
    private volatile bool _isGone;
    private volatile bool _wasUsed;

    public ChunkKey Key => key;

    public long Size => size;

    public int Slot => slot;

    /// <summary>Whether readers have the file open. The space of an open file is freed only when the file is closed.</summary>
    public bool IsInUse => Volatile.Read(ref _readers) > 0;

    /// <summary>Whether there is one reader, such as the eviction, and no other.</summary>
    public bool HasOneReader => Volatile.Read(ref _readers) == 1;

    /// <summary>Nothing uses the entry: the index forgets it.</summary>
    public bool IsUnused => Volatile.Read(ref _uses) == 0;

    /// <summary>The file was deleted. Closing the last handle frees its blocks, which takes time.</summary>
    public bool IsGone => _isGone;

    /// <summary>Space on disk of a file in bytes: its length rounded up to the usual block size of file systems. For a directory pass 1.</summary>
    public static long SizeOnDisk(long length) => (length + Unit - 1) / Unit * Unit;

    /// <summary>Returns true for the first caller only.</summary>
    public bool Condemn() => Interlocked.Exchange(ref _isCondemned, 1) == 0;

    /// <summary>Adds a reader. Under the lock of the index.</summary>
    public void Enter()
    {
        Interlocked.Increment(ref _uses);
        Interlocked.Increment(ref _readers);
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _readers);
        EndUse();
    }

    /// <summary>Keeps the file open until <see cref="CloseKept"/>. Returns false when one is already kept, or the entry's file was deleted.</summary>
    /// <remarks>The caller is a reader of the entry.</remarks>
    public bool TryKeep(ChunkFile file)
    {
        if (_isGone || !file.TryRetain())
        {
            return false;
        }

        Interlocked.Increment(ref _uses); // before it can be closed
        if (Interlocked.CompareExchange(ref _kept, file, null) is not null)
        {
            file.Release();
            EndUse();
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

    public void CloseKept()
    {
        if (Interlocked.Exchange(ref _kept, null) is { } kept)
        {
            kept.Release();
            EndUse();
        }
    }

    /// <summary>Records that the file was deleted, and closes it. Closing frees blocks: call only from threads that may block on the disk.</summary>
    public void Gone()
    {
        _isGone = true;
        CloseKept();
    }

    private void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) == 0)
        {
            unused?.Invoke(this);
        }
    }
}
