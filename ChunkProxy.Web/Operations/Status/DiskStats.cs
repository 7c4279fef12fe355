namespace ChunkProxy.Web.Operations.Status;

/// <summary>The disk tier.</summary>
internal sealed record DiskStats(
    long BudgetBytes,
    long UsedBytes,
    long Files,
    long Gets,
    long Hits,
    long Misses,
    long Evictions,
    long ReadBytes,
    long Writes,
    long DroppedWrites,
    long Damaged,
    bool IsScanFinished,
    string? DegradedReason);
