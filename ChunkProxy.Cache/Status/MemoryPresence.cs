namespace ChunkProxy.Cache.Status;

/// <summary>How much of a chunk is in memory.</summary>
internal enum MemoryPresence
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Some of its bytes: its reader left before the end.</summary>
    Part,

    /// <summary>All of its bytes.</summary>
    Whole,
}
