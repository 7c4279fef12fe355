namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>How long a member's response is worth waiting for.</summary>
internal enum PeerPatience
{
    /// <summary>A request for cached content only, which waits for no other process: <see cref="PeerOptions.Silence"/>.</summary>
    CachedOnly,

    /// <summary>A reader waits: <see cref="PeerOptions.StallTimeout"/>, not counting time in which the member waits for others.</summary>
    ForReaders,

    /// <summary>
    /// Background work: ten times <see cref="PeerOptions.StallTimeout"/>. A stall in it is no reason to avoid the member for reads.
    /// </summary>
    ForWork,
}
