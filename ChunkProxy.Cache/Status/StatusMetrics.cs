using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Status;

/// <summary>Publishes the state of this process as metrics. State is read only when metrics are collected.</summary>
internal sealed class StatusMetrics(
    IMeterFactory meters,
    LocalTiers tiers,
    ObjectDirectory objects,
    FillTable fills,
    OriginServers origin,
    ClusterView cluster,
    IMembershipSource membership,
    PeerBreakers breakers) : IHostedService
{
    private static readonly KeyValuePair<string, object?> Memory = new(Tag.Tier, "memory");
    private static readonly KeyValuePair<string, object?> Disk = new(Tag.Tier, "disk");
    private static readonly KeyValuePair<string, object?> SuperHot = Tag.Of(Tag.Tier, ChunkSource.SuperHot);
    private static readonly KeyValuePair<string, object?> Metadata = new(Tag.Tier, "metadata");

    private long _epochs;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(CacheMetrics.MeterName);
        meter.CreateObservableUpDownCounter(
            "chunkproxy.tier.budget", () => ByTier(tiers.Memory.Statistics.BudgetBytes, objects.Capacity, tiers.Disk?.State.BudgetBytes), "By", "Budget of a tier.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.tier.used", () => ByTier(tiers.Memory.Statistics.UsedBytes, objects.UsedBytes, tiers.Disk?.State.UsedBytes), "By", "Bytes in use by a tier.");
        meter.CreateObservableCounter(
            "chunkproxy.tier.evictions", () => ByTier(tiers.Memory.Statistics.Evictions, objects.Evictions, tiers.Disk?.State.Evictions), "{eviction}", "Entries evicted from a tier.");
        meter.CreateObservableUpDownCounter("chunkproxy.tier.available", Available, "{tier}", "1 while a tier is in use, 0 while it is not used after a failure.");
        if (tiers.Disk is { } disk)
        {
            meter.CreateObservableUpDownCounter(
                "chunkproxy.disk.writes.waiting", () => disk.State.WaitingBytes, "By", "Bytes of chunks in memory that are not on disk yet and are to be written.");
            meter.CreateObservableCounter(
                "chunkproxy.disk.writes.lost", () => disk.State.DroppedWrites, "{file}", "Chunks and records that left memory before they were written to disk.");
            meter.CreateObservableUpDownCounter(
                "chunkproxy.disk.budget", () => ByDirectory(disk, it => it.BudgetBytes), "By", "Budget of a directory of the disk cache.");
            meter.CreateObservableUpDownCounter(
                "chunkproxy.disk.used", () => ByDirectory(disk, it => it.UsedBytes), "By", "Bytes in use in a directory of the disk cache.");
            meter.CreateObservableUpDownCounter(
                "chunkproxy.disk.available",
                () => ByDirectory(disk, it => it.DegradedReason is null ? 1 : 0),
                "{directory}",
                "1 while a directory of the disk cache is in use, 0 while it is not used after a failure.");
        }

        meter.CreateObservableUpDownCounter("chunkproxy.fills.underway", () => (long)fills.Count, "{fill}", "Running fills.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.origin.requests.underway", () => (long)origin.RequestsUnderWay, "{request}", "Running requests to the origin.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.origin.requests.waiting", () => (long)origin.RequestsWaiting, "{request}", "Requests to the origin that wait for a connection.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.origin.requests.limit", () => (long)origin.RequestLimit, "{request}", "Limit of concurrent requests to the origin.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.origin.responses.paced",
            () => (long)origin.ResponsesWithoutSlot,
            "{response}",
            "Responses that cannot be cached and that clients receive at their own pace, beside the running requests.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.origin.available", () => origin.Outage is null ? 1L : 0L, "{origin}", "1 while the origin serves requests, 0 while it does not answer or fails.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.members", () => (long)cluster.Owners.Epoch.Members.Count, "{member}", "Members of the cluster, as known to this process.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.breakers.open", () => (long)breakers.Open.Count, "{member}", "Members bypassed by reads because their circuit breaker is open.");
        meter.CreateObservableGauge(
            "chunkproxy.epoch", () => EpochNumber(cluster.Owners.Epoch.Number), "{epoch}", "Epoch of the membership in use. Equal numbers mean equal memberships.");
        meter.CreateObservableCounter(
            "chunkproxy.membership.changes", () => Volatile.Read(ref _epochs), "{change}", "Changes of the membership in use.");
        membership.Changed += _ => Interlocked.Increment(ref _epochs);
        if (tiers.SuperHot is { } superHot)
        {
            meter.CreateObservableUpDownCounter(
                "chunkproxy.superhot.listed", () => (long)superHot.State.Listed, "{chunk}", "Super-hot chunks in Redis, as known to this process.");
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The first eight hexadecimal digits of the epoch: monitoring systems use doubles, which cannot hold all 64 bits.
    private static long EpochNumber(ulong fingerprint) => (long)(fingerprint >> 32);

    private IEnumerable<Measurement<long>> Available()
    {
        if (tiers.Disk is { } disk)
        {
            yield return new Measurement<long>(disk.State.IsInUse ? 1 : 0, Disk);
        }

        if (tiers.SuperHot is { } superHot)
        {
            yield return new Measurement<long>(superHot.State.Skipped is null ? 1 : 0, SuperHot);
        }
    }

    // As many values as there are directories in the settings.
    private static IEnumerable<Measurement<long>> ByDirectory(DiskTier disk, Func<DiskDirectoryState, long> figure) =>
        disk.State.Directories.Select(it => new Measurement<long>(figure(it), new KeyValuePair<string, object?>(Tag.Directory, it.Directory)));

    private static IEnumerable<Measurement<long>> ByTier(long ofMemory, long ofMetadata, long? ofDisk)
    {
        yield return new Measurement<long>(ofMemory, Memory);
        yield return new Measurement<long>(ofMetadata, Metadata);
        if (ofDisk is { } value)
        {
            yield return new Measurement<long>(value, Disk);
        }
    }
}
