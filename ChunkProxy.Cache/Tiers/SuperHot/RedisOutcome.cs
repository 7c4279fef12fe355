namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>How a question to Redis ended.</summary>
internal enum RedisOutcome
{
    /// <summary>It answered.</summary>
    Answered,

    /// <summary>It is being left alone since it failed, and was not asked.</summary>
    Skipped,

    /// <summary>As many questions as are allowed were under way already; it was not asked.</summary>
    Busy,

    /// <summary>It gave no answer in time.</summary>
    TimedOut,

    /// <summary>It could not be reached, or the connection broke.</summary>
    Unreachable,

    /// <summary>It answered with an error: no memory left, still loading, not allowed.</summary>
    Refused,
}
