namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which a fill ends.</summary>
public enum FillOutcome
{
    /// <summary>All bytes of the chunk are in memory, and on their way to the disk where they did not come from there.</summary>
    Completed,

    /// <summary>The chunk had come into memory before the fill could begin.</summary>
    AlreadyThere,

    /// <summary>Nobody reads it any more. What had arrived is kept, and a later fill goes on from there.</summary>
    Abandoned,

    /// <summary>The bytes cannot be had: every reader that waits is told so. What had arrived is kept.</summary>
    Failed,

    /// <summary>The object is another version at the origin. What had arrived is thrown away.</summary>
    VersionChanged,

    /// <summary>All of the memory budget is in use at this moment; readers go round the cache.</summary>
    NoRoom,
}
