namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>The purpose of a request for purges.</summary>
internal enum PurgeQueryKind
{
    /// <summary>Returns what the member has received.</summary>
    Read,

    /// <summary>The same, and from now on the member's purges wait for this process.</summary>
    Subscribe,

    /// <summary>The same, and the response waits for news.</summary>
    LongPoll,
}
