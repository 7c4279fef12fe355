using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Web.Exchanges;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>The response of <c>/_chunkproxy/stats</c>: state of this process, and totals since its start. See docs/stats.md.</summary>
/// <param name="Schema">Increases when a field is removed or changes its meaning, not when one is added.</param>
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
