using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Figures of the origin as seen by this process.</summary>
internal sealed record OriginFigures(long Requests, long RequestsUnderWay, long ReceivedBytes, IReadOnlyDictionary<OriginOutcome, long> ByOutcome);
