namespace ChunkProxy.Cache.Reads;

/// <summary>For whom a slice is opened; it decides where a fill looks, and who may join it.</summary>
internal enum FillPurpose
{
    /// <summary>A client's read of a chunk that this process owns, or helps itself to.</summary>
    Own,

    /// <summary>A client's read of another member's super-hot chunk: the fill takes it from its owner, for memory only.</summary>
    NearCopy,

    /// <summary>
    /// A peer's read. It joins no fill for a near copy: where the two disagree about who owns the chunk, that fill may be waiting
    /// for the very peer that asks.
    /// </summary>
    ForPeer,
}
