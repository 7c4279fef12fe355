using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Placeholder shape; the memory tier's author replaces it.</summary>
public sealed class MemoryTier
{
    private readonly Dictionary<ChunkKey, ChunkBuffer> _chunks = [];

    /// <summary>Rents room for a chunk, evicting others if it must. Null when everything is in use at this moment. The caller holds one reference.</summary>
    public ChunkBuffer? TryRent(int length) => new(length);

    /// <summary>Returns the chunk, complete or in part, with a reference for the caller; or null.</summary>
    public ChunkBuffer? TryGet(ChunkKey key) => _chunks.GetValueOrDefault(key);

    /// <summary>Keeps the chunk with a reference of the tier's own, in place of what was there under that key.</summary>
    public void Add(ChunkKey key, ChunkBuffer buffer) => _chunks[key] = buffer;

    /// <summary>Forgets the chunk; readers that hold it go on reading.</summary>
    public bool Remove(ChunkKey key) => _chunks.Remove(key);
}
