namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>The super-hot tier at one moment, for health, metrics and stats.</summary>
/// <param name="IsConnected">The connection to Redis stands.</param>
/// <param name="Skipped">Why Redis is left alone, and since when; null while it is used.</param>
/// <param name="Full">Why nothing can be published, and since when; null while that works. Reads go on.</param>
/// <param name="Listed">Chunks that lie there, as far as this process knows.</param>
internal sealed record SuperHotState(bool IsConnected, RedisTrouble? Skipped, RedisTrouble? Full, int Listed)
{
    /// <summary>What an operator should look at, else null.</summary>
    public string? DegradedReason =>
        Skipped is { } skipped ? $"Redis is skipped: {skipped.Reason}" : Full is { } full ? $"Redis takes no chunks: {full.Reason}" : null;

    public DateTimeOffset? DegradedSince => (Skipped ?? Full)?.Since;
}
