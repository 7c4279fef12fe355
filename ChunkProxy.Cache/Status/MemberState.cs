namespace ChunkProxy.Cache.Status;

/// <summary>State of a member as seen by this process.</summary>
internal enum MemberState
{
    /// <summary>No known problem. The member was not asked.</summary>
    Unasked,

    /// <summary>The member responded to the status request.</summary>
    Answers,

    /// <summary>An operator is draining the member: it owns nothing and hands over its hottest chunks.</summary>
    Draining,

    /// <summary>An operator drained the member: it owns nothing, and answers until it stops or rejoins.</summary>
    Drained,

    /// <summary>The member did not respond to the status request, but no read from it has failed.</summary>
    Silent,

    /// <summary>The member's circuit breaker is open after a failed read. Reads bypass it.</summary>
    Avoided,
}
