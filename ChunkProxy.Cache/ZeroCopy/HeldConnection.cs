namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>The connection that stays open while a response waits for its client.</summary>
internal enum HeldConnection
{
    None,

    /// <summary>A response of another member.</summary>
    Peer,

    /// <summary>A response of the origin. It occupies one of few slots.</summary>
    Origin,
}
