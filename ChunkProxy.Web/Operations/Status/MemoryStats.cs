namespace ChunkProxy.Web.Operations.Status;

/// <summary>The memory tier.</summary>
internal sealed record MemoryStats(
    long BudgetBytes,
    long UsedBytes,
    long CachedBytes,
    long Chunks,
    long Gets,
    long Hits,
    long Misses,
    long Evictions,
    long EvictedBytes);
