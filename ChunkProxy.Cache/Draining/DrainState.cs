namespace ChunkProxy.Cache.Draining;

/// <summary>Whether a process owns chunks, if it is a member.</summary>
internal enum DrainState
{
    /// <summary>It does.</summary>
    Member,

    /// <summary>It does not any more, and hands its hottest chunks on at the moment.</summary>
    Draining,

    /// <summary>It does not any more, and has handed on what it could. It answers until it is stopped, or joins again.</summary>
    Drained,
}
