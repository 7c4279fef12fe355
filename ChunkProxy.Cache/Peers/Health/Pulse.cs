namespace ChunkProxy.Cache.Peers.Health;

/// <summary>What a ping tells of a member that does not answer a question.</summary>
internal enum Pulse
{
    /// <summary>It does not answer pings either.</summary>
    None,

    /// <summary>It lives, and knows of nothing that the question's answer waits for.</summary>
    Beats,

    /// <summary>It lives, and waits for the origin or another member to answer the question.</summary>
    WaitsForOthers,
}
