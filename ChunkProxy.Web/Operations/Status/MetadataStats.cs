namespace ChunkProxy.Web.Operations.Status;

/// <summary>What is known of objects.</summary>
internal sealed record MetadataStats(long BudgetBytes, long UsedBytes, long Objects, long Gets, long Hits, long Misses, long Evictions);
