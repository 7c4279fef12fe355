namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>How long a member's answer is worth waiting for.</summary>
internal enum PeerPatience
{
    /// <summary>It is asked for what it has, and waits for nobody: <see cref="PeerOptions.Silence"/>.</summary>
    CachedOnly,

    /// <summary>A reader waits: <see cref="PeerOptions.StallTimeout"/>, beyond what the member waits for others.</summary>
    ForReaders,

    /// <summary>It has work to do for which nobody waits: ten times as long, and that it did not is no reason not to read from it.</summary>
    ForWork,
}
