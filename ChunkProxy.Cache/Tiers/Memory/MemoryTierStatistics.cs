namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>The memory tier at one moment; the counters run from its start. The values are read one after another, not at one instant.</summary>
public readonly record struct MemoryTierStatistics
{
    /// <summary>Bytes that the tier may use for chunks: the configured budget, rounded down to whole chunks.</summary>
    public long BudgetBytes { get; init; }

    /// <summary>Bytes of all blocks given out: cached chunks, fills under way, and chunks no longer cached that somebody still reads.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Bytes of the blocks of cached chunks.</summary>
    public long CachedBytes { get; init; }

    /// <summary>Cached chunks.</summary>
    public long Chunks { get; init; }

    /// <summary>Look-ups that found the chunk, complete or in part.</summary>
    public long Hits { get; init; }

    public long Misses { get; init; }

    public long Gets => Hits + Misses;

    /// <summary>Chunks that left to make room.</summary>
    public long Evictions { get; init; }

    public long EvictedBytes { get; init; }

    /// <summary>Bytes copied inside the slab to join free pages.</summary>
    public long MovedBytes { get; init; }

    /// <summary>Rents that found no room because everything was in use.</summary>
    public long RefusedRents { get; init; }

    /// <summary>Bytes of fills under way, and of chunks no longer cached that somebody still reads.</summary>
    public long InFlightBytes => Math.Max(0, UsedBytes - CachedBytes);
}
