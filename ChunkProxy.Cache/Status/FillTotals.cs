using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Retrievals of chunks.</summary>
internal sealed record FillTotals(long UnderWay, IReadOnlyDictionary<FillOutcome, long> ByOutcome);
