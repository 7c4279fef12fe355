using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Draining;

/// <summary>Lists the complete chunks in memory for others to take over.</summary>
internal sealed class HeldChunks(MemoryTier memory)
{
    /// <summary>By their hits, most first.</summary>
    public IReadOnlyList<Chunk> HottestFirst() =>
    [
        .. memory.Entries
            .Select(entry => (entry.Hits, entry.Key.Index, entry.Buffer))
            .Where(it => it.Buffer is { Partial: null, Version: not null })
            .OrderByDescending(it => it.Hits)
            .Select(it => it.Buffer.Version!.Chunk(it.Index)),
    ];
}
