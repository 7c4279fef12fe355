namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>What a member is asked for purges for.</summary>
internal enum PurgeQueryKind
{
    /// <summary>What it has heard.</summary>
    ToLook,

    /// <summary>The same, and it is to wait for this process with purges from now on.</summary>
    ToListen,

    /// <summary>The same, and its answer waits for news.</summary>
    ToHearNews,
}
