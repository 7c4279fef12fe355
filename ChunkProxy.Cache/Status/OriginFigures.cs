using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Figures of the origin as seen by this process.</summary>
/// <param name="DegradedReason">Why the origin counts as unavailable, and what still works, in one sentence; or null.</param>
/// <param name="IsDown">Whether the origin is not asked, because it does not answer.</param>
internal sealed record OriginFigures(
    long Requests,
    long RequestsUnderWay,
    long ReceivedBytes,
    IReadOnlyDictionary<OriginOutcome, long> ByOutcome,
    string? DegradedReason = null,
    DateTimeOffset? DegradedSince = null,
    bool IsDown = false);
