namespace ChunkProxy.Web.Operations.Status;

/// <summary>What <c>/_chunkproxy/stats</c> answers: the state of this process, and totals since it started. docs/stats.md describes each field.</summary>
/// <param name="Schema">Goes up when a field goes away or changes its meaning; new fields leave it.</param>
internal sealed record StatsAnswer(
    int Schema,
    string Version,
    DateTimeOffset StartedAt,
    double UptimeSeconds,
    long ChunkSizeBytes,
    MemoryStats Memory,
    DiskStats? Disk,
    SuperHotStats? SuperHot,
    MetadataStats Metadata,
    ReadStats Reads,
    FillStats Fills,
    OriginStats Origin,
    ClientStats Clients,
    IReadOnlyList<SlowReadStats> Slowest,
    ClusterStats Cluster);
