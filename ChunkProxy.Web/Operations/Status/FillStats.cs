namespace ChunkProxy.Web.Operations.Status;

/// <summary>Retrievals of chunks.</summary>
internal sealed record FillStats(long UnderWay, IReadOnlyDictionary<string, long> ByOutcome);
