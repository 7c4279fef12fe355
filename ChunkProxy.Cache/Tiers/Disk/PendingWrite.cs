using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A chunk that is in memory and not on disk yet. Guarded by the lock of the queue.</summary>
internal sealed class PendingWrite(Chunk chunk, ChunkBuffer buffer)
{
    private readonly MemoryEntry? _entry = buffer.Entry;

    public Chunk Chunk => chunk;

    /// <summary>The chunk's bytes. Valid while <see cref="IsHeld"/>.</summary>
    public ChunkBuffer Buffer { get; private set; } = buffer;

    /// <summary>The queue holds a reference, so memory cannot evict the chunk.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>The reference was given back once. Since then the chunk may have been purged.</summary>
    public bool WasReleased { get; private set; }

    /// <summary>Whether the memory tier has the chunk.</summary>
    public bool IsInMemory => (_entry?.Buffer ?? Buffer).Entry is not null;

    /// <summary>Takes a reference. Returns false if the chunk is no longer in memory.</summary>
    public bool TryHold()
    {
        if (WasReleased)
        {
            if (!IsInMemory || _entry!.TryRetain() is not { } current)
            {
                return false;
            }

            Buffer = current; // the tier may have moved the chunk
            return IsHeld = true;
        }

        return IsHeld = Buffer.TryRetain();
    }

    public void Release()
    {
        IsHeld = false;
        WasReleased = true;
        Buffer.Release();
    }
}
