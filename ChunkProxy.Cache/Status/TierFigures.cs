namespace ChunkProxy.Cache.Status;

/// <summary>Figures of one tier, in bytes.</summary>
internal sealed record TierFigures(long BudgetBytes, long UsedBytes);
