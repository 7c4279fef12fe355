using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Web.Exchanges;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>What <c>/_chunkproxy/stats</c> answers: the state of this process, and totals since it started. docs/stats.md describes each field.</summary>
/// <param name="Schema">Goes up when a field goes away or changes its meaning; new fields leave it.</param>
internal sealed record StatsAnswer(
    int Schema,
    string Version,
    DateTimeOffset StartedAt,
    double UptimeSeconds,
    long ChunkSizeBytes,
    MemoryTierStatistics Memory,
    DiskTierState? Disk,
    SuperHotFigures? SuperHot,
    MetadataFigures Metadata,
    ReadFigures Reads,
    FillTotals Fills,
    OriginFigures Origin,
    FrontEndFigures Clients,
    IReadOnlyList<SlowRead> Slowest,
    ClusterStatus Cluster);
