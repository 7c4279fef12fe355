namespace ChunkProxy.Cache.Security;

/// <summary>What becomes of a request to the pool port. All but <see cref="Admitted"/> are answered with 403 and nothing else.</summary>
internal enum RequestVerdict
{
    /// <summary>It is a member's, or the pool has no key.</summary>
    Admitted,

    /// <summary>It carries no proof: a stranger's.</summary>
    NoProof,

    /// <summary>Its proof was made with another key, for another member, or for another request.</summary>
    OtherKey,

    /// <summary>Its proof is right and its time is not: the clocks of the two processes differ, or it was held back, or this process has just started.</summary>
    OtherClock,

    /// <summary>It was answered before.</summary>
    Replayed,

    /// <summary>Its head is proved, and its body is not the one that the proof covers.</summary>
    OtherContent,

    /// <summary>More processes with the pool's key have sent requests lately than are kept account of.</summary>
    TooManySenders,
}
