namespace ChunkProxy.Cache.Status;

/// <summary>A tier of one process, in bytes.</summary>
internal sealed record TierFigures(long BudgetBytes, long UsedBytes);
