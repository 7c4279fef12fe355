namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Statistics of the memory tier, with counters since its start. The values are read one by one, not as an atomic snapshot.</summary>
public readonly record struct MemoryTierStatistics
{
    /// <summary>Bytes available for chunks: the configured budget, rounded down to whole regions.</summary>
    public long BudgetBytes { get; init; }

    /// <summary>Bytes of all allocated blocks: cached chunks, running fills, and removed chunks that still have readers.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Bytes of the blocks of cached chunks.</summary>
    public long CachedBytes { get; init; }

    /// <summary>Cached chunks.</summary>
    public long Chunks { get; init; }

    /// <summary>Look-ups that found the chunk, complete or in part.</summary>
    public long Hits { get; init; }

    public long Misses { get; init; }

    public long Gets => Hits + Misses;

    /// <summary>Chunks evicted to make room.</summary>
    public long Evictions { get; init; }

    public long EvictedBytes { get; init; }

    /// <summary>Bytes copied inside the slab for defragmentation.</summary>
    public long MovedBytes { get; init; }

    /// <summary>Rents refused because all memory was in use.</summary>
    public long RefusedRents { get; init; }

    /// <summary>Bytes of the names and response fields of cached chunks. What is above a thirty-second of the budget displaces chunks.</summary>
    public long NameBytes { get; init; }

    /// <summary>Bytes of running fills, and of removed chunks that still have readers.</summary>
    public long InFlightBytes => Math.Max(0, UsedBytes - CachedBytes);
}
