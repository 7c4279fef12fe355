namespace ChunkProxy.Web.Operations.Status;

/// <summary>The origin, as this process sees it.</summary>
internal sealed record OriginStats(long Requests, long RequestsUnderWay, long ReceivedBytes, IReadOnlyDictionary<string, long> ByOutcome);
