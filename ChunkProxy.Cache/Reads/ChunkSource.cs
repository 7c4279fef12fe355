namespace ChunkProxy.Cache.Reads;

/// <summary>Where the bytes of a read come from, in look-up order.</summary>
public enum ChunkSource
{
    /// <summary>This process's memory, as the chunk's owner.</summary>
    Memory,

    /// <summary>This process's memory, as a near copy of another member's super-hot chunk.</summary>
    NearCopy,

    /// <summary>The shared super-hot tier.</summary>
    SuperHot,

    /// <summary>This process's disk.</summary>
    Disk,

    /// <summary>The chunk's owner or a stand-in, which had the bytes.</summary>
    Peer,

    /// <summary>The chunk's owner before the last membership change.</summary>
    PreviousOwner,

    /// <summary>The origin, through the chunk's owner.</summary>
    PeerOrigin,

    /// <summary>The origin.</summary>
    Origin,
}
