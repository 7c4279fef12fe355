namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which a fill can end.</summary>
public enum FillOutcome
{
    /// <summary>All bytes of the chunk are in memory. Unless they came from the disk, they are being written to it.</summary>
    Completed,

    /// <summary>The chunk was already in memory before the fill could begin.</summary>
    AlreadyThere,

    /// <summary>The fill has no readers left. The bytes received are kept, and a later fill resumes from there.</summary>
    Abandoned,

    /// <summary>The bytes are unavailable: every waiting reader gets the error. The bytes received are kept.</summary>
    Failed,

    /// <summary>The object has another version at the origin. The bytes received are discarded.</summary>
    VersionChanged,

    /// <summary>All of the memory budget is in use now; readers bypass the cache.</summary>
    NoRoom,
}
