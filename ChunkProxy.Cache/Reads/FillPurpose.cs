namespace ChunkProxy.Cache.Reads;

/// <summary>Who a slice is opened for. It determines which sources a fill tries, and which readers may join it.</summary>
internal enum FillPurpose
{
    /// <summary>A client's read of a chunk that this process owns, or retrieves itself.</summary>
    Own,

    /// <summary>A client's read of another member's popular chunk. The fill takes it from its owner, and stores it in memory only.</summary>
    NearCopy,

    /// <summary>
    /// A peer's read. It joins no fill for a near copy: if the two processes disagree on the chunk's owner, that fill may be waiting for this very
    /// peer.
    /// </summary>
    ForPeer,
}
