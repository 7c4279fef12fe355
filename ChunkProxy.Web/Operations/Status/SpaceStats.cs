namespace ChunkProxy.Web.Operations.Status;

/// <summary>What a tier may use, and what of it is used.</summary>
internal sealed record SpaceStats(long BudgetBytes, long UsedBytes);
