using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>A chunk in the memory tier: its key, and the buffer that holds it now.</summary>
internal sealed class MemoryEntry(ChunkKey key, ChunkBuffer buffer) : EvictionEntry<ChunkKey>(key, buffer.BlockBytes)
{
    private ChunkBuffer _buffer = buffer;

    /// <summary>Changes when the chunk is moved or refilled; every buffer that was ever here holds this key's bytes.</summary>
    public ChunkBuffer Buffer
    {
        get => Volatile.Read(ref _buffer);
        set => Volatile.Write(ref _buffer, value);
    }

    public override bool IsInUse => Buffer.IsInUse;
}
