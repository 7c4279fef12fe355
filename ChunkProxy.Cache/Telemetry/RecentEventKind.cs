namespace ChunkProxy.Cache.Telemetry;

/// <summary>Kinds of recent events that operators may want to see.</summary>
internal enum RecentEventKind
{
    /// <summary>A member joined the cluster.</summary>
    MemberJoined,

    /// <summary>A member left the cluster, or its registration expired.</summary>
    MemberLeft,

    /// <summary>A read from a member failed, and its breaker opened.</summary>
    PeerFailed,

    /// <summary>A bypassed member answers again.</summary>
    PeerIsBack,

    /// <summary>Redis failed and is bypassed.</summary>
    RedisFailed,

    /// <summary>Redis answers again and is used.</summary>
    RedisIsBack,

    /// <summary>The origin does not answer, or answers with failures only.</summary>
    OriginFailed,

    /// <summary>The origin serves requests again.</summary>
    OriginIsBack,

    /// <summary>Bytes were unavailable.</summary>
    ReadFailed,

    /// <summary>An object was purged.</summary>
    Purged,

    /// <summary>Not all members confirmed a purge requested here. The ending names those missing.</summary>
    PurgeIncomplete,
}
