using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Totals of fills.</summary>
internal sealed record FillTotals(long UnderWay, IReadOnlyDictionary<FillOutcome, long> ByOutcome);
