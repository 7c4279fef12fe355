namespace ChunkProxy.Cache.Telemetry;

/// <summary>What an operator may want to know happened of late.</summary>
internal enum RecentEventKind
{
    /// <summary>A member joined the cluster.</summary>
    MemberJoined,

    /// <summary>A member left the cluster, or its registration expired.</summary>
    MemberLeft,

    /// <summary>A read from a member failed: its breaker opened.</summary>
    PeerFailed,

    /// <summary>A member that was avoided answers again.</summary>
    PeerIsBack,

    /// <summary>Redis failed and is skipped.</summary>
    RedisFailed,

    /// <summary>Redis answers again and is used.</summary>
    RedisIsBack,

    /// <summary>Bytes could not be had.</summary>
    ReadFailed,

    /// <summary>An object was purged.</summary>
    Purged,

    /// <summary>A purge that this process was asked for was not confirmed by everybody; the ending says who is missing.</summary>
    PurgeIncomplete,
}
