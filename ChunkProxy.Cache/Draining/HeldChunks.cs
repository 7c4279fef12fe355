using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Draining;

/// <summary>Lists the complete chunks in memory, for other members to take over.</summary>
internal sealed class HeldChunks(MemoryTier memory)
{
    /// <summary>Returns the chunks with the most hits first.</summary>
    public IReadOnlyList<Chunk> HottestFirst() =>
    [
        .. memory.Entries
            .Select(entry => (entry.Hits, entry.Key.Index, entry.Buffer))
            .Where(it => it.Buffer is { Partial: null, Version: not null })
            .OrderByDescending(it => it.Hits)
            .Select(it => it.Buffer.Version!.Chunk(it.Index)),
    ];
}
