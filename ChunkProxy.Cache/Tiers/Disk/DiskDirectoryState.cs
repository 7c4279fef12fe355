namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>State of one directory of the disk tier.</summary>
/// <param name="Directory">Full path.</param>
/// <param name="BudgetBytes">Budget in bytes on disk.</param>
/// <param name="UsedBytes">Space in use in bytes.</param>
/// <param name="Files">Chunks and version records in its index.</param>
/// <param name="IsScanFinished">Whether the scan is complete and writes are possible.</param>
/// <param name="DegradedReason">Why the directory is not in use, or not for writes; or null. It is retried automatically.</param>
/// <param name="DegradedSince">Since when.</param>
public sealed record DiskDirectoryState(
    string Directory, long BudgetBytes, long UsedBytes, int Files, bool IsScanFinished, string? DegradedReason, DateTimeOffset? DegradedSince);
