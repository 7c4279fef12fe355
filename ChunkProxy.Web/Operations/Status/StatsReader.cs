using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Gathers the figures of every part of the process. They are read one after another, not at one instant.</summary>
internal sealed class StatsReader(
    IOptions<CacheOptions> options,
    MemoryTier memory,
    ObjectDirectory objects,
    FillTable fills,
    OriginClient origin,
    CacheMetrics cache,
    FrontEndTotals clients,
    SlowestReads slowest,
    ClusterStatsReader cluster,
    TimeProvider time,
    DiskTier? disk = null,
    SuperHotTier? superHot = null)
{
    private const int Schema = 1;

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();

    /// <summary>Reads the figures of this process, and with <paramref name="askMembers"/> those of the other members too.</summary>
    public async Task<StatsAnswer> ReadAsync(bool askMembers, CancellationToken cancellationToken) => Read(await cluster.ReadAsync(askMembers, cancellationToken));

    private StatsAnswer Read(ClusterStats members) => new(
        Schema,
        ProductVersion.Number,
        _startedAt,
        Math.Round(time.GetElapsedTime(_started).TotalSeconds, 3),
        options.Value.ChunkSize,
        Of(memory.Statistics),
        disk is null ? null : Of(disk.State),
        superHot is null ? null : Of(superHot.State, superHot.Metrics),
        Of(objects),
        new ReadStats(ByName<ChunkSource>(cache.ReadsFrom).Values.Sum(), cache.CollapsedReads, ByName<ChunkSource>(cache.ReadsFrom)),
        new FillStats(fills.Count, ByName<FillOutcome>(cache.FillsThatEnded)),
        new OriginStats(
            cache.OriginRequests, origin.RequestsUnderWay, cache.BytesFrom(ChunkSource.Origin), ByName<OriginOutcome>(cache.OriginAnswers)),
        Of(clients.Read()),
        [.. slowest.Read().Select(Of)],
        members);

    private static MemoryStats Of(MemoryTierStatistics tier) => new(
        tier.BudgetBytes,
        tier.UsedBytes,
        tier.CachedBytes,
        tier.Entries,
        tier.Hits + tier.Misses,
        tier.Hits,
        tier.Misses,
        tier.Evictions,
        tier.EvictedBytes);

    private static DiskStats Of(DiskTierState tier) => new(
        tier.Budget,
        tier.UsedBytes,
        tier.Entries,
        tier.Hits + tier.Misses,
        tier.Hits,
        tier.Misses,
        tier.Evictions,
        tier.ReadBytes,
        tier.Writes,
        tier.DroppedWrites,
        tier.Damaged,
        tier.IsScanFinished,
        tier.DegradedReason);

    private static SuperHotStats Of(SuperHotState tier, SuperHotMetrics metrics) => new(
        tier.IsConnected,
        tier.Skipped is null,
        tier.DegradedReason,
        tier.DegradedSince,
        tier.Listed,
        new SuperHotEndings(ByName<SuperHotReadOutcome>(metrics.Reads)),
        new SuperHotEndings(ByName<SuperHotPublishOutcome>(metrics.Publishes)));

    private static MetadataStats Of(ObjectDirectory objects)
    {
        var (hits, gets) = (objects.Hits, objects.Gets); // in this order: a get is counted before its hit
        return new(objects.Capacity, objects.UsedBytes, objects.Count, gets, hits, gets - hits, objects.Evictions);
    }

    private static ClientStats Of(FrontEndFigures clients) => new(
        clients.Requests,
        clients.BytesSent,
        clients.ClientsGone,
        clients.ClientsStalled,
        clients.ReadsFailed,
        clients.Faults,
        clients.RequestsByStatus);

    private static SlowReadStats Of(SlowRead read) => new(
        read.At,
        read.Method,
        read.Path,
        read.Range,
        read.Status,
        FieldName.Of(read.Ending),
        Seconds(read.Waited),
        read.FirstByte is { } first ? Seconds(first) : null,
        Seconds(read.Total),
        read.Bytes,
        [.. read.Sources.Select(FieldName.Of)]);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);

    /// <summary>One figure for each value of the enumeration, those of 0 too: a field that is there from the start can be relied on.</summary>
    private static Dictionary<string, long> ByName<TName>(Func<TName, long> figure)
        where TName : struct, Enum =>
        Enum.GetValues<TName>().ToDictionary(name => FieldName.Of(name), figure);
}
