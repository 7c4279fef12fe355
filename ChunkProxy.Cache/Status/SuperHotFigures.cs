using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Status;

/// <summary>The shared tier of super-hot chunks.</summary>
/// <param name="IsConnected">The connection stands, as far as this process knows.</param>
/// <param name="IsUsed">Redis is asked; else it is skipped since it failed.</param>
/// <param name="DegradedReason">Why it is skipped, or takes no chunks; else null.</param>
internal sealed record SuperHotFigures(
    bool IsConnected,
    bool IsUsed,
    string? DegradedReason,
    DateTimeOffset? DegradedSince,
    long ListedChunks,
    OutcomeTotals<SuperHotReadOutcome> Reads,
    OutcomeTotals<SuperHotPublishOutcome> Publishes);
