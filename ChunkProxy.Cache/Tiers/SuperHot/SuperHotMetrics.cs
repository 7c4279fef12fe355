using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Counts the outcomes of reads from Redis and of publications, for meters and <c>/stats</c>.</summary>
internal sealed class SuperHotMetrics
{
    private readonly TotalsBy<SuperHotReadOutcome> _reads = new();
    private readonly TotalsBy<SuperHotPublishOutcome> _publishes = new();

    public SuperHotMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(CacheMetrics.MeterName);
        meter.CreateObservableCounter("chunkproxy.superhot.reads", () => _reads.Measure(Tag.Outcome), "{read}", "Reads of chunks from Redis, by outcome.");
        meter.CreateObservableCounter(
            "chunkproxy.superhot.publishes", () => _publishes.Measure(Tag.Outcome), "{chunk}", "Publications of chunks to Redis, by outcome.");
    }

    public long Reads(SuperHotReadOutcome outcome) => _reads[outcome];

    public long Publishes(SuperHotPublishOutcome outcome) => _publishes[outcome];

    public void Read(SuperHotReadOutcome outcome) => _reads.Increment(outcome);

    public void Published(SuperHotPublishOutcome outcome) => _publishes.Increment(outcome);
}
