namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Snapshot of the super-hot tier, for health, metrics and stats.</summary>
/// <param name="IsConnected">Whether Redis is connected.</param>
/// <param name="Skipped">Why and since when Redis is not used, or null.</param>
/// <param name="Full">Why and since when publishing fails, or null. Reads continue.</param>
/// <param name="Listed">Chunks in Redis, as far as this process knows.</param>
internal sealed record SuperHotState(bool IsConnected, RedisFailure? Skipped, RedisFailure? Full, int Listed)
{
    /// <summary>Problem for the operator, or null. What shows it names Redis.</summary>
    public string? DegradedReason => Skipped is { } skipped ? skipped.Reason : Full is { } full ? $"takes no chunks: {full.Reason}" : null;

    public DateTimeOffset? DegradedSince => (Skipped ?? Full)?.Since;
}
