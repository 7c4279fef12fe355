namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>How the publication of a super-hot chunk ended.</summary>
internal enum SuperHotPublishOutcome
{
    /// <summary>The chunk was stored.</summary>
    Published,

    /// <summary>The chunk was already stored, and its lifetime was extended.</summary>
    Prolonged,

    /// <summary>Another process is publishing the chunk.</summary>
    Claimed,

    /// <summary>The size limit was reached.</summary>
    Full,

    /// <inheritdoc cref="RedisOutcome.Skipped"/>
    Skipped,

    /// <inheritdoc cref="RedisOutcome.Busy"/>
    Busy,

    /// <inheritdoc cref="RedisOutcome.TimedOut"/>
    TimedOut,

    /// <inheritdoc cref="RedisOutcome.Unreachable"/>
    Unreachable,

    /// <inheritdoc cref="RedisOutcome.Refused"/>
    Refused,
}
