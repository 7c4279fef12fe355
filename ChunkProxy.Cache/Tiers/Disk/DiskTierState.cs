namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The disk tier at one moment, for health, metrics and stats. Counts are since the process started.</summary>
public sealed record DiskTierState
{
    /// <summary>Bytes the tier may take on disk.</summary>
    public long BudgetBytes { get; init; }

    /// <summary>Bytes it takes, with what a write under way has reserved. Grows during the scan as files are found.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Chunks and version records that are known to be there.</summary>
    public int Files { get; init; }

    /// <summary>Look-ups of chunks that found one.</summary>
    public long Hits { get; init; }

    /// <summary>Look-ups of chunks that found none, whatever the reason.</summary>
    public long Misses { get; init; }

    public long Gets => Hits + Misses;

    /// <summary>Reads from chunks that were found.</summary>
    public long Reads { get; init; }

    /// <summary>Bytes that those reads gave.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Chunks and records written.</summary>
    public long Writes { get; init; }

    /// <summary>Chunks and records not written: the queue was full, they do not fit the budget, or the disk failed.</summary>
    public long DroppedWrites { get; init; }

    /// <summary>Chunks and records deleted to make room.</summary>
    public long Evictions { get; init; }

    /// <summary>Files that were damaged, or not the tier's; each was a miss and is deleted.</summary>
    public long Damaged { get; init; }

    /// <summary>The directory has been read and writes go ahead.</summary>
    public bool IsScanFinished { get; init; }

    /// <summary>Why the tier is not doing all of its work, or null. It tries again by itself.</summary>
    public string? DegradedReason { get; init; }

    public DateTimeOffset? DegradedSince { get; init; }
}
