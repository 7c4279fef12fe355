namespace ChunkProxy.Cache.Reads;

/// <summary>Where the bytes of a read come from, in the order of the look-up.</summary>
public enum ChunkSource
{
    /// <summary>This process's memory, as the chunk's owner.</summary>
    Memory,

    /// <summary>This process's memory, though another member owns the chunk: it is super hot.</summary>
    NearCopy,

    /// <summary>The shared super-hot tier.</summary>
    SuperHot,

    /// <summary>This process's disk.</summary>
    Disk,

    /// <summary>The chunk's owner, or a member that stands in for it, which had them.</summary>
    Peer,

    /// <summary>The member that owned the chunk before the last change of membership.</summary>
    PreviousOwner,

    /// <summary>The backing store, asked by the chunk's owner.</summary>
    PeerOrigin,

    /// <summary>The backing store.</summary>
    Origin,
}
