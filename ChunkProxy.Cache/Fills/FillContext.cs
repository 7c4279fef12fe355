using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Fills;

/// <summary>What all fills of a process share.</summary>
internal sealed record FillContext(
    FillStorage Storage,
    BackgroundRetrieval Retrieval,
    CacheMetrics Metrics,
    TimeProvider Time,
    long FinishLimit,
    int FinishFactor,
    Func<ObjectVersion, bool> IsPurged,
    Action<ChunkFill> Remove,
    Func<Chunk, PassingFill?> TryBeginPassing);
