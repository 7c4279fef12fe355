namespace ChunkProxy.Cache.Peers.Health;

/// <summary>The result of pinging a member that has not answered a request.</summary>
internal enum ProbeResult
{
    /// <summary>The member does not answer pings either.</summary>
    NoAnswer,

    /// <summary>The member is alive, and the request waits for no other process.</summary>
    Alive,

    /// <summary>The member is alive, and waits for the origin or another member to answer the request.</summary>
    WaitsForOthers,
}
