namespace ChunkProxy.Web.Operations.Status;

/// <summary>The shared tier of super-hot chunks.</summary>
/// <param name="IsUsed">Redis is asked; else it is skipped since it failed.</param>
/// <param name="DegradedReason">Why it is skipped, or takes no chunks; else null.</param>
internal sealed record SuperHotStats(
    bool IsConnected,
    bool IsUsed,
    string? DegradedReason,
    DateTimeOffset? DegradedSince,
    long ListedChunks,
    SuperHotEndings Reads,
    SuperHotEndings Publishes);
