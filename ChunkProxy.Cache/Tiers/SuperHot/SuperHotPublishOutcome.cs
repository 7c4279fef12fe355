namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>How it ended that a process wanted a super-hot chunk to be in Redis.</summary>
internal enum SuperHotPublishOutcome
{
    /// <summary>It was not there, and is now.</summary>
    Published,

    /// <summary>It was there, and stays longer.</summary>
    Prolonged,

    /// <summary>Another process is publishing it at this moment.</summary>
    Claimed,

    /// <summary>As much as may be there is there.</summary>
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
