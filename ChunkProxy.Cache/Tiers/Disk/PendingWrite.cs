using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A chunk that is in memory and not on disk yet. Guarded by the lock of the queue.</summary>
/// <param name="chunk">The chunk.</param>
/// <param name="buffer">Its bytes. The caller holds a reference until the first call of <see cref="TryHold"/> or <see cref="Wait"/> returns.</param>
internal sealed class PendingWrite(Chunk chunk, ChunkBuffer buffer)
{
    private readonly MemoryEntry? _entry = buffer.Entry;

    public Chunk Chunk => chunk;

    /// <summary>The chunk's bytes. Valid while <see cref="IsHeld"/>.</summary>
    public ChunkBuffer Buffer { get; private set; } = buffer;

    /// <summary>The queue holds a reference, so memory cannot evict the chunk.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>The chunk waited without a reference. Meanwhile the memory tier may have moved it, and a purge may have removed it.</summary>
    public bool HasWaited { get; private set; }

    /// <summary>Whether the memory tier has the chunk.</summary>
    public bool IsInMemory => _entry is { IsInMemory: true };

    /// <summary>Takes a reference. Returns false if the chunk is no longer in memory: it will not be there again.</summary>
    /// <remarks>
    /// A chunk that waited is held by its entry and never by the buffer that the fill had. That buffer dies when the tier moves the chunk, even if the
    /// queue never held it: the queue was full, or the disk was failing, when the fill ended.
    /// </remarks>
    public bool TryHold()
    {
        if (!HasWaited)
        {
            return IsHeld = Buffer.TryRetain();
        }

        if (!IsInMemory || _entry!.TryRetain() is not { } current)
        {
            return false;
        }

        Buffer = current;
        return IsHeld = true;
    }

    /// <summary>Begins to wait without a reference.</summary>
    public void Wait()
    {
        HasWaited = true;
        if (IsHeld)
        {
            Release();
        }
    }

    public void Release()
    {
        IsHeld = false;
        Buffer.Release();
    }
}
