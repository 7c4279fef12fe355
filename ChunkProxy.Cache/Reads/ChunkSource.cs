namespace ChunkProxy.Cache.Reads;

/// <summary>Where the bytes of a read come from.</summary>
/// <remarks>
/// Those with a number are the sources of a fill: the number is the step in docs/life-of-a-request.md. Lookup/ReadOrder.cs has the order in which a fill asks them.
/// </remarks>
public enum ChunkSource
{
    /// <summary>This process's memory, as the chunk's owner.</summary>
    Memory,

    /// <summary>This process's memory, as a near copy of another member's popular chunk.</summary>
    NearCopy,

    /// <summary>[5.2] The shared super-hot tier.</summary>
    SuperHot,

    /// <summary>[5.1] This process's disk.</summary>
    Disk,

    /// <summary>[5.3] The chunk's owner or a stand-in, which had the bytes.</summary>
    Peer,

    /// <summary>[5.4] A member that owned the chunk before the membership changed.</summary>
    FormerOwner,

    /// <summary>The origin, through the chunk's owner.</summary>
    PeerOrigin,

    /// <summary>[5.5] The origin.</summary>
    Origin,
}
