namespace ChunkProxy.Cache.Security;

/// <summary>Result of the replay check of a request with a valid MAC.</summary>
internal enum ReplayVerdict
{
    /// <summary>Not seen before.</summary>
    New,

    /// <summary>Seen before, or too old to tell.</summary>
    Replayed,

    /// <summary>Its time differs too much from the local clock, or is before the start of this process.</summary>
    WrongTime,

    /// <summary>More senders than the limit on windows.</summary>
    TooManySenders,
}
