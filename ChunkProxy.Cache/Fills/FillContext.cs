using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Fills;

/// <summary>What all fills of a process share.</summary>
internal sealed record FillContext(
    FillStorage Storage,
    BackgroundRetrieval Retrieval,
    CacheMetrics Metrics,
    TimeProvider Time,
    CacheOptions Settings,
    Func<ObjectVersion, bool> IsPurged,
    Action<ChunkFill> Remove,
    Func<Chunk, PassingFill?> TryBeginPassing);
