namespace ChunkProxy.Web.Operations.Status;

/// <summary>Totals of several processes.</summary>
internal sealed record TotalStats(long ClientBytes, long OriginBytes, long SavedBytes, IReadOnlyDictionary<string, long> ByTier);
