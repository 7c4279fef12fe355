using System.Text.Json.Serialization;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Snapshot of the disk tier, for health, metrics and stats. Counts are since the process started.</summary>
public sealed record DiskTierState
{
    /// <summary>Budget in bytes on disk.</summary>
    public long BudgetBytes { get; init; }

    /// <summary>Space in use in bytes, including reservations of a running write. Grows during the scan.</summary>
    public long UsedBytes { get; init; }

    /// <summary>Chunks and version records in the index.</summary>
    public int Files { get; init; }

    /// <summary>Chunk look-ups that hit.</summary>
    public long Hits { get; init; }

    /// <summary>Chunk look-ups that missed, for any reason.</summary>
    public long Misses { get; init; }

    public long Gets => Hits + Misses;

    /// <summary>Reads of chunks found.</summary>
    public long Reads { get; init; }

    /// <summary>Bytes that those reads returned.</summary>
    public long ReadBytes { get; init; }

    /// <summary>Chunks and records written.</summary>
    public long Writes { get; init; }

    /// <summary>Chunks and records lost before they were written: memory was needed first, they do not fit the budget, or the disk failed.</summary>
    public long DroppedWrites { get; init; }

    /// <summary>Bytes of the chunks in memory that are not on disk yet and are to be written.</summary>
    public long WaitingBytes { get; init; }

    /// <summary>Chunks and records deleted to make room.</summary>
    public long Evictions { get; init; }

    /// <summary>Damaged or foreign files. Each was a miss and is deleted.</summary>
    public long Damaged { get; init; }

    /// <summary>Whether the scan is complete and writes are possible.</summary>
    public bool IsScanFinished { get; init; }

    /// <summary>Reason for degraded operation, or null. The tier retries automatically.</summary>
    public string? DegradedReason { get; init; }

    public DateTimeOffset? DegradedSince { get; init; }

    /// <summary>Each directory.</summary>
    public IReadOnlyList<DiskDirectoryState> Directories { get; init; } = [];

    /// <summary>Whether at least one directory is in use.</summary>
    [JsonIgnore]
    public bool IsInUse => DegradedReason is null || Directories.Any(directory => directory.DegradedReason is null);

    /// <summary>The state of several directories together.</summary>
    /// <param name="each">The state of each.</param>
    /// <param name="misses">Look-ups that missed in all of them.</param>
    internal static DiskTierState Sum(IReadOnlyList<DiskTierState> each, long misses)
    {
        var directories = each.SelectMany(state => state.Directories).ToList();
        var degraded = directories.FindAll(directory => directory.DegradedReason is not null);
        return new DiskTierState
        {
            BudgetBytes = each.Sum(state => state.BudgetBytes),
            UsedBytes = each.Sum(state => state.UsedBytes),
            Files = each.Sum(state => state.Files),
            Hits = each.Sum(state => state.Hits),
            Misses = misses,
            Reads = each.Sum(state => state.Reads),
            ReadBytes = each.Sum(state => state.ReadBytes),
            Writes = each.Sum(state => state.Writes),
            DroppedWrites = each.Sum(state => state.DroppedWrites),
            WaitingBytes = each.Sum(state => state.WaitingBytes),
            Evictions = each.Sum(state => state.Evictions),
            Damaged = each.Sum(state => state.Damaged),
            IsScanFinished = each.All(state => state.IsScanFinished),
            DegradedReason = degraded is []
                ? null
                : $"{degraded.Count} of {directories.Count} directories: {string.Join("; ", degraded.Select(it => $"{it.Directory}: {it.DegradedReason}"))}",
            DegradedSince = degraded.Min(directory => directory.DegradedSince),
            Directories = directories,
        };
    }
}
