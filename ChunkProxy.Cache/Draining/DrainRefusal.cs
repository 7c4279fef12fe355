namespace ChunkProxy.Cache.Draining;

/// <summary>Why a process does not drain or rejoin.</summary>
internal enum DrainRefusal
{
    None,

    /// <summary>The membership is a static list, which cannot change while the process runs.</summary>
    FixedMembership,

    /// <summary>No other member would own the chunks.</summary>
    LastMember,

    /// <summary>The process is a front end: it owns nothing.</summary>
    NoMember,
}
