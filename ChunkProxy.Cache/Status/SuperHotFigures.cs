using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Status;

/// <summary>Figures of the shared super-hot tier.</summary>
/// <param name="IsConnected">Whether the Redis client is connected.</param>
/// <param name="IsUsed">Whether Redis is in use. False: bypassed after a failure.</param>
/// <param name="DegradedReason">Why Redis is bypassed, or why it takes no chunks; or null.</param>
internal sealed record SuperHotFigures(
    bool IsConnected,
    bool IsUsed,
    string? DegradedReason,
    DateTimeOffset? DegradedSince,
    long ListedChunks,
    OutcomeTotals<SuperHotReadOutcome> Reads,
    OutcomeTotals<SuperHotPublishOutcome> Publishes);
