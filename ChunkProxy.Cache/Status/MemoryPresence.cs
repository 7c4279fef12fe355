namespace ChunkProxy.Cache.Status;

/// <summary>How much of a chunk is in memory.</summary>
internal enum MemoryPresence
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Some bytes: the reader left before the end.</summary>
    Part,

    /// <summary>All bytes.</summary>
    Whole,
}
