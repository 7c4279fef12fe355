namespace ChunkProxy.Cache.Draining;

/// <summary>Whether a process owns chunks, if it is a member.</summary>
internal enum DrainState
{
    /// <summary>It owns chunks.</summary>
    Member,

    /// <summary>It has given up ownership, and is handing over its hottest chunks.</summary>
    Draining,

    /// <summary>It has given up ownership, and has handed over what it could. It answers until it stops or rejoins.</summary>
    Drained,
}
