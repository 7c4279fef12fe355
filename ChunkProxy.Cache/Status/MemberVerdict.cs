namespace ChunkProxy.Cache.Status;

/// <summary>What an operator needs to know of a member first. The order is that of severity, the worst last.</summary>
internal enum MemberVerdict
{
    /// <summary>No known problem.</summary>
    Healthy,

    /// <summary>An operator drained the member. Its other problems do not count, because it owns nothing.</summary>
    Drained,

    /// <summary>An operator is draining the member. Its other problems do not count.</summary>
    Draining,

    /// <summary>The member uses another membership than this process.</summary>
    OtherMembership,

    /// <summary>The member does not use Redis, or does not publish to it.</summary>
    SuperHotUnavailable,

    /// <summary>The member does not use its disk, or one of its disks.</summary>
    DiskUnavailable,

    /// <summary>The member's origin counts as unavailable.</summary>
    OriginUnavailable,

    /// <summary>The member did not respond to the status request.</summary>
    Silent,

    /// <summary>Reads bypass the member after a failure.</summary>
    Avoided,

    /// <summary>Reads bypass the member, because its chunk size, origin or cache key differ from those of this process.</summary>
    OtherSettings,
}
