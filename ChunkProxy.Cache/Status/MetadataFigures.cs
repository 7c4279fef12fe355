namespace ChunkProxy.Cache.Status;

/// <summary>Figures of the object directory.</summary>
internal sealed record MetadataFigures(long BudgetBytes, long UsedBytes, long Objects, long Gets, long Hits, long Misses, long Evictions);
