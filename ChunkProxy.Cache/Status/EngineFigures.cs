using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Status;

/// <summary>Figures of all parts of the engine. Each is read on access.</summary>
internal sealed class EngineFigures(LocalTiers tiers, ObjectDirectory objects, FillTable fills, OriginServers origins, CacheMetrics metrics)
{
    public MemoryTierStatistics Memory => tiers.Memory.Statistics;

    /// <summary>Null without a disk tier.</summary>
    public DiskTierState? Disk => tiers.Disk?.State;

    /// <summary>Null without Redis.</summary>
    public SuperHotFigures? SuperHot => tiers.SuperHot is not { } tier ? null : new SuperHotFigures(
        tier.State.IsConnected,
        tier.State.Skipped is null,
        tier.State.DegradedReason,
        tier.State.DegradedSince,
        tier.State.Listed,
        new OutcomeTotals<SuperHotReadOutcome>(ByValue<SuperHotReadOutcome>(tier.Metrics.Reads)),
        new OutcomeTotals<SuperHotPublishOutcome>(ByValue<SuperHotPublishOutcome>(tier.Metrics.Publishes)));

    public MetadataFigures Metadata
    {
        get
        {
            var (hits, gets) = (objects.Hits, objects.Gets); // in this order: a get is counted before its hit
            return new MetadataFigures(objects.Capacity, objects.UsedBytes, objects.Count, gets, hits, gets - hits, objects.Evictions);
        }
    }

    public ReadFigures Reads
    {
        get
        {
            var bySource = ByValue<ChunkSource>(metrics.ReadsFrom);
            return new ReadFigures(bySource.Values.Sum(), metrics.CollapsedReads, bySource);
        }
    }

    public FillTotals Fills => new(fills.Count, ByValue<FillOutcome>(metrics.FillsThatEnded));

    public OriginFigures Origin => new(
        metrics.OriginRequests,
        origins.RequestsUnderWay,
        metrics.BytesFrom(ChunkSource.Origin),
        ByValue<OriginOutcome>(metrics.OriginAnswers),
        origins.Problem,
        origins.Outage?.Since,
        origins.Outage is { IsDown: true });

    // Includes values of zero, so that every field is always present.
    private static Dictionary<T, long> ByValue<T>(Func<T, long> figure)
        where T : struct, Enum =>
        Enum.GetValues<T>().ToDictionary(value => value, figure);
}
