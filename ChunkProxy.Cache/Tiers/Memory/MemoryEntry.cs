using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>A chunk in the memory tier: its key and its current buffer.</summary>
internal sealed class MemoryEntry(ChunkKey key, ChunkBuffer buffer) : EvictionEntry<ChunkKey>(key, buffer.BlockBytes)
{
    private ChunkBuffer _buffer = buffer;

    /// <summary>Changes when the chunk is moved or refilled. Every buffer that was ever set holds the bytes of this key.</summary>
    public ChunkBuffer Buffer
    {
        get => Volatile.Read(ref _buffer);
        set => Volatile.Write(ref _buffer, value);
    }

    /// <summary>Memory of the chunk's names and fields, in bytes. Guarded by the tier's lock.</summary>
    public long NameBytes { get; set; }

    public override bool IsInUse => Buffer.IsInUse;

    /// <summary>Whether the tier has the chunk. Any thread.</summary>
    public bool IsInMemory
    {
        get
        {
            for (var buffer = Buffer; buffer.Entry is null;)
            {
                // A move sets the new buffer before the old one loses its entry. So only the buffer that is still the current one tells.
                var moved = Buffer;
                if (moved == buffer)
                {
                    return false;
                }

                buffer = moved;
            }

            return true;
        }
    }

    /// <summary>Returns the current buffer with a reference for the caller, or null if the chunk has left memory.</summary>
    public ChunkBuffer? TryRetain()
    {
        for (var buffer = Buffer; ;)
        {
            if (buffer.TryRetain())
            {
                return buffer;
            }

            // A dead buffer of a live entry was moved, and the new buffer was set before the old one died.
            var moved = Buffer;
            if (moved == buffer)
            {
                return null;
            }

            buffer = moved;
        }
    }
}
