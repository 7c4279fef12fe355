using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Fills;

/// <summary>What all fills of a process share.</summary>
internal sealed record FillContext(
    MemoryTier Memory,
    DiskTier? Disk,
    IChunkRetrieval Retrieval,
    CacheMetrics Metrics,
    TimeProvider Time,
    long FinishLimit,
    Action<ChunkFill> Remove,
    Func<Chunk, PassingFill?> TryBeginPassing,
    Action<ChunkKey, int> NearCopyKept,
    Action<Chunk, Exception> UnexpectedFailure);
