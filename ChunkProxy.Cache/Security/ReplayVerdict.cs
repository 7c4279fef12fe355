namespace ChunkProxy.Cache.Security;

/// <summary>Whether a request with a valid MAC is new.</summary>
internal enum ReplayVerdict
{
    /// <summary>It was not seen before.</summary>
    New,

    /// <summary>It was seen before, or is so old that this cannot be told.</summary>
    Replayed,

    /// <summary>Its time is too far from this process's, or lies before this process's start.</summary>
    WrongTime,

    /// <summary>More processes send than windows are held for.</summary>
    TooManySenders,
}
