using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Status;

/// <summary>Publishes the state of this process as metrics. Read when somebody collects them, and at no other time.</summary>
internal sealed class StatusMetrics(
    IMeterFactory meters,
    MemoryTier memory,
    FillTable fills,
    OriginClient origin,
    ClusterView cluster,
    PeerBreakers breakers,
    DiskTier? disk = null) : IHostedService
{
    private static readonly KeyValuePair<string, object?> Memory = new("chunkproxy.tier", "memory");
    private static readonly KeyValuePair<string, object?> Disk = new("chunkproxy.tier", "disk");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(CacheMetrics.MeterName);
        meter.CreateObservableUpDownCounter(
            "chunkproxy.tier.budget", () => ByTier(memory.Statistics.BudgetBytes, disk?.State.Budget), "By", "What a tier may use.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.tier.used", () => ByTier(memory.Statistics.UsedBytes, disk?.State.UsedBytes), "By", "What a tier uses.");
        meter.CreateObservableCounter(
            "chunkproxy.tier.evictions", () => ByTier(memory.Statistics.Evictions, disk?.State.Evictions), "{eviction}", "What left a tier to make room.");
        meter.CreateObservableUpDownCounter("chunkproxy.fills.underway", () => (long)fills.Count, "{fill}", "Retrievals of a chunk at this moment.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.origin.requests.underway", () => (long)origin.RequestsUnderWay, "{request}", "Requests to the origin at this moment.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.members", () => (long)cluster.Owners.Epoch.Members.Length, "{member}", "Members of the cluster, as this process knows them.");
        meter.CreateObservableUpDownCounter(
            "chunkproxy.breakers.open", () => (long)breakers.Open.Count, "{member}", "Members that reads go round, because they failed and have not come back.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<Measurement<long>> ByTier(long ofMemory, long? ofDisk)
    {
        yield return new Measurement<long>(ofMemory, Memory);
        if (ofDisk is { } value)
        {
            yield return new Measurement<long>(value, Disk);
        }
    }
}
