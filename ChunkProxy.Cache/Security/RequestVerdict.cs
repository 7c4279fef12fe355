namespace ChunkProxy.Cache.Security;

/// <summary>Result of authenticating a request to the pool port. All except <see cref="Admitted"/> get a plain 403.</summary>
internal enum RequestVerdict
{
    /// <summary>The request is from a member, or the pool has no key.</summary>
    Admitted,

    /// <summary>The request has no MAC.</summary>
    NoProof,

    /// <summary>The MAC was made with another key, for another member, or for another request.</summary>
    OtherKey,

    /// <summary>The MAC is valid, but the time is not: the clocks differ, the request was delayed, or this process has just started.</summary>
    OtherClock,

    /// <summary>The request was answered before.</summary>
    Replayed,

    /// <summary>The MAC of the head is valid, but the body does not match it.</summary>
    OtherContent,

    /// <summary>More processes with the pool's key sent requests recently than can be tracked.</summary>
    TooManySenders,
}
