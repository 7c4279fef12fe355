using System.Globalization;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Collects the figures of this process. They are read one by one, not as an atomic snapshot.</summary>
internal sealed class ProcessFiguresReader(
    ClusterView cluster,
    LocalTiers tiers,
    FillTable fills,
    ProcessTraffic traffic,
    TimeProvider time,
    MemberDrain drain,
    OriginServers origins)
{
    private const int MostFills = 20;
    private const int MostObjects = 20;

    // Bounds the cost of one report to a few milliseconds. A larger cache is sampled.
    private const int MostEntries = 100_000;

    // However many people and members ask, the entries of memory are visited this often.
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private List<HeldObject>? _held; // under _gate
    private long _heldAt; // under _gate

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    public DrainState Drain => drain.State;

    /// <summary>The totals alone. Cheap: all other figures require a walk over the memory tier.</summary>
    public ClusterTotals Totals => new(
        traffic.ClientBytes,
        traffic.Metrics.PeerBytesServed,
        traffic.Metrics.BytesFrom(ChunkSource.Origin),
        ClusterTotals.ReadsOf(source => traffic.Metrics.ReadsFrom(source) + traffic.Metrics.PeerReadsServedFrom(source)));

    public ProcessFigures Read()
    {
        var tier = tiers.Memory.Statistics;
        var diskTier = tiers.Disk?.State;
        var metrics = traffic.Metrics;
        var (hottest, prefixes) = traffic.Hottest();
        return new ProcessFigures(
            EpochText(cluster.Owners.Epoch.Number),
            _startedAt,
            new TierFigures(tier.BudgetBytes, tier.UsedBytes),
            diskTier is null ? null : new TierFigures(diskTier.BudgetBytes, diskTier.UsedBytes),
            diskTier?.DegradedReason,
            tiers.SuperHot?.State.DegradedReason,
            traffic.ClientBytes,
            metrics.PeerBytesServed,
            metrics.BytesFrom(ChunkSource.Origin),
            BySource(metrics.ReadsFrom),
            BySource(metrics.PeerReadsServedFrom),
            fills.Count,
            [.. fills.UnderWay.Take(MostFills).Select(Of)],
            HeldObjects(),
            drain.State,
            origins.Problem,
            diskTier is { Directories.Count: > 1 } ? diskTier.Directories : null,
            hottest,
            prefixes);
    }

    public static string EpochText(ulong number) => number.ToString("x16", CultureInfo.InvariantCulture);

    private static FillFigures Of(ChunkFill fill) =>
        new(fill.Chunk.Version.Id.Shown, fill.Chunk.Index, fill.FilledBytes, fill.Chunk.Length, fill.Source);

    private static Dictionary<ChunkSource, long> BySource(Func<ChunkSource, long> figure) => Enum.GetValues<ChunkSource>().ToDictionary(source => source, figure);

    // Under the lock: those who ask at the same moment wait for one visit.
    private List<HeldObject> HeldObjects()
    {
        lock (_gate)
        {
            if (_held is null || time.GetElapsedTime(_heldAt) >= Freshness)
            {
                _held = VisitEntries();
                _heldAt = time.GetTimestamp();
            }

            return _held;
        }
    }

    private List<HeldObject> VisitEntries() =>
    [
        .. HeldObject.Combine(tiers.Memory.Entries
                .Take(MostEntries)
                .Select(entry => (entry.Hits, entry.Buffer.Version))
                .Where(entry => entry.Version is not null)
                .GroupBy(entry => entry.Version!.Hash)
                .Select(chunks => (chunks.First().Version, Count: chunks.LongCount(), Hits: chunks.Sum(chunk => (long)chunk.Hits)))
                .Select(held => new HeldObject(held.Version!.Id.Shown, held.Version.Size, held.Count, held.Hits)))
            .OrderByDescending(held => held.CachedChunks)
            .Take(MostObjects),
    ];
}
