using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>The origin, as this process sees it.</summary>
internal sealed record OriginFigures(long Requests, long RequestsUnderWay, long ReceivedBytes, IReadOnlyDictionary<OriginOutcome, long> ByOutcome);
