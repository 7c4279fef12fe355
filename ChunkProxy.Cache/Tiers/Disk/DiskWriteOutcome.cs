namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>How the write of one file ended.</summary>
internal enum DiskWriteOutcome
{
    /// <summary>The file is on disk.</summary>
    Written,

    /// <summary>The file does not fit the budget. Another attempt would not help.</summary>
    NoRoom,

    /// <summary>The disk failed or is paused after a fault. A later attempt may succeed.</summary>
    Failed,
}
