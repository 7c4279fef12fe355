namespace ChunkProxy.Cache.Draining;

/// <summary>Why a process does not drain, or join again.</summary>
internal enum DrainRefusal
{
    None,

    /// <summary>The membership is a list that nobody can change while it runs.</summary>
    FixedMembership,

    /// <summary>Nobody else would own the chunks.</summary>
    LastMember,

    /// <summary>It owns nothing: it is a front end.</summary>
    NoMember,
}
