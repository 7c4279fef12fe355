namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>How a Redis request ended.</summary>
internal enum RedisOutcome
{
    /// <summary>Redis replied.</summary>
    Answered,

    /// <summary>Not sent: Redis failed before and is not in use.</summary>
    Skipped,

    /// <summary>Not sent: the concurrency limit was reached.</summary>
    Busy,

    /// <summary>No reply before the timeout.</summary>
    TimedOut,

    /// <summary>Redis was unreachable, or the connection broke.</summary>
    Unreachable,

    /// <summary>Redis replied with an error: out of memory, still loading, no permission.</summary>
    Refused,
}
