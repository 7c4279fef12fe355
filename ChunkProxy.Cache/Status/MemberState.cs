namespace ChunkProxy.Cache.Status;

/// <summary>How a member looks from this process.</summary>
internal enum MemberState
{
    /// <summary>Nothing speaks against it; it was not asked.</summary>
    Unasked,

    /// <summary>It answered just now.</summary>
    Answers,

    /// <summary>It owns nothing any more, by an operator's order, and hands its hottest chunks on.</summary>
    Draining,

    /// <summary>It owns nothing, by an operator's order, and answers until it is stopped or joins again.</summary>
    Drained,

    /// <summary>It did not answer just now, while reads have had no trouble with it yet.</summary>
    Silent,

    /// <summary>A read from it failed and it has not come back: its circuit breaker is open, reads go round it.</summary>
    Avoided,
}
