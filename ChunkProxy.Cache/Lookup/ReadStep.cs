namespace ChunkProxy.Cache.Lookup;

/// <summary>A step in the <see cref="ReadOrder"/> of a reader.</summary>
internal enum ReadStep
{
    /// <summary>[4.1] The memory of this process.</summary>
    Memory,

    /// <summary>[4.2] A fill that keeps a copy of another member's chunk.</summary>
    NearCopyFill,

    /// <summary>[4.3] The member that owns the chunk, then its stand-ins.</summary>
    Members,

    /// <summary>[4.4] The chunk's file on this process's disk, until frequent reads promote the chunk to memory.</summary>
    FileUntilPromotion,

    /// <summary>[4.5] The fill in progress, or a new one.</summary>
    Fill,

    /// <summary>
    /// [4.6] The chunk's file, however often it was read: memory has no room for a fill now, or this reader may not join the one in progress.
    /// </summary>
    File,

    /// <summary>[4.7] The origin, for this reader alone.</summary>
    Uncached,
}
