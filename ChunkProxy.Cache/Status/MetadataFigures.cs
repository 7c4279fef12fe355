namespace ChunkProxy.Cache.Status;

/// <summary>The directory of objects.</summary>
internal sealed record MetadataFigures(long BudgetBytes, long UsedBytes, long Objects, long Gets, long Hits, long Misses, long Evictions);
