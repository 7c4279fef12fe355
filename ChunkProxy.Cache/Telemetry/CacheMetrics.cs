using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>Counters of the cache, for meters (OTLP, Prometheus) and as totals for <c>/stats</c>.</summary>
public sealed class CacheMetrics : IDisposable
{
    public const string MeterName = Extensions.TelemetryName;

    private readonly Meter _meter;
    private readonly Histogram<double> _fillDuration;
    private readonly Histogram<double> _originQueue;
    private readonly Histogram<double> _originFirstByte;
    private readonly Histogram<double> _peerFirstByte;
    private readonly TotalsBy<ChunkSource> _reads = new();
    private readonly TotalsBy<ChunkSource> _collapsed = new(); // subset of _reads
    private readonly TotalsBy<ProxyError> _failedReads = new();
    private readonly TotalsBy<ChunkSource> _served = new();
    private readonly TotalsBy<ChunkSource> _servedForClients = new(); // subset of _served
    private readonly TotalsBy<ChunkSource> _received = new();
    private readonly TotalsBy<FillOutcome> _fills = new();
    private readonly TotalsBy<OriginOutcome> _originAnswers = new();
    private readonly TotalsBy<PeerReadOutcome> _breakerTrips = new();
    private readonly StripedCounter _servedBytes = new();
    private readonly StripedCounter _coldDelays = new(); // ticks
    private long _coldRefusals;
    private long _purges;

    public CacheMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _fillDuration = _meter.CreateLatency("chunkproxy.fill.duration", "Duration of a fill.");
        _originQueue = _meter.CreateLatency("chunkproxy.origin.queue.duration", "Time that a request to the origin waited for a connection.");
        _originFirstByte = _meter.CreateLatency("chunkproxy.origin.time_to_first_byte", "From sending a request to the origin to the header of its response.");
        _peerFirstByte = _meter.CreateLatency("chunkproxy.peer.time_to_first_byte", "From a request to another member to the header of its response.");
        _meter.CreateObservableCounter("chunkproxy.chunk.reads", MeasureReads, "{read}", "Slices opened, by source.");
        _meter.CreateObservableCounter(
            "chunkproxy.chunk.reads.failed", () => _failedReads.Measure(Tag.Error).Skip((int)ProxyError.None + 1), "{read}", "Slices that could not be read.");
        _meter.CreateObservableCounter(
            "chunkproxy.peer.served", () => _served.Measure(Tag.Tier), "{read}", "Slices served to other members, by source.");
        _meter.CreateObservableCounter("chunkproxy.peer.sent", () => PeerBytesServed, "By", "Bytes of slices served to other members.");
        _meter.CreateObservableCounter("chunkproxy.received.bytes", () => _received.Measure(Tag.Tier), "By", "Bytes of chunks received, by source.");
        _meter.CreateObservableCounter("chunkproxy.fills", () => _fills.Measure(Tag.Outcome), "{fill}", "Fills that ended, by outcome.");
        _meter.CreateObservableCounter(
            "chunkproxy.origin.requests", () => _originAnswers.Measure(Tag.Outcome), "{request}", "Requests to the origin, by outcome.");
        _meter.CreateObservableCounter(
            "chunkproxy.breaker.trips", () => _breakerTrips.Measure(Tag.Outcome), "{trip}", "Circuit breakers of members opened, by cause.");
        _meter.CreateObservableCounter(
            "chunkproxy.client.cold.refused", () => Volatile.Read(ref _coldRefusals), "{read}", "Reads that failed because their client fetches as much from the origin as it may.");
        _meter.CreateObservableCounter(
            "chunkproxy.client.cold.delayed", () => TimeSpan.FromTicks(_coldDelays.Value).TotalSeconds, "s", "Time that reads waited because their client fetches as much from the origin as it may.");
        _meter.CreateObservableCounter("chunkproxy.purges", () => Volatile.Read(ref _purges), "{purge}", "Object purges applied by this process.");
    }

    public long ReadsFrom(ChunkSource source) => _reads[source];

    public long BytesFrom(ChunkSource source) => _received[source];

    public long FillsThatEnded(FillOutcome outcome) => _fills[outcome];

    public long OriginAnswers(OriginOutcome outcome) => _originAnswers[outcome];

    public long OriginRequests => _originAnswers.Sum;

    /// <summary>Reads that joined a running fill.</summary>
    public long CollapsedReads => _collapsed.Sum;

    /// <summary>Slices served to other members for clients, by source. Excludes chunks that a member takes over from another.</summary>
    public long PeerReadsServedFrom(ChunkSource source) => _servedForClients[source];

    /// <summary>Bytes of those slices. Excludes chunks that a member takes over from another.</summary>
    public long PeerBytesServed => _servedBytes.Value;

    internal void PeerSent(int bytes) => _servedBytes.Add(bytes);

    internal void ChunkRead(ReadReport report)
    {
        _reads.Increment(report.Source);
        if (report.Collapsed)
        {
            _collapsed.Increment(report.Source);
        }
    }

    internal void ChunkReadFailed(ProxyError error) => _failedReads.Increment(error);

    internal void PeerServed(ReadReport report, bool forClient)
    {
        _served.Increment(report.Source);
        if (forClient)
        {
            _servedForClients.Increment(report.Source);
        }
    }

    internal void Received(ChunkSource source, int bytes) => _received.Add(source, bytes);

    internal void FillEnded(FillOutcome outcome, TimeSpan duration)
    {
        _fills.Increment(outcome);
        _fillDuration.Record(duration.TotalSeconds, Tag.Of(Tag.Outcome, outcome));
    }

    internal void ColdReadRefused() => Interlocked.Increment(ref _coldRefusals);

    internal void ColdReadDelayed(TimeSpan waited) => _coldDelays.Add(waited.Ticks);

    internal void Purged(int count) => Interlocked.Add(ref _purges, count);

    /// <summary>A request to the origin got a connection, or gave up waiting.</summary>
    internal void OriginQueued(TimeSpan waited) => _originQueue.Record(waited.TotalSeconds);

    /// <param name="outcome">How the request ended.</param>
    /// <param name="firstByte">Time from the request to the response head. Null when the request never got a connection.</param>
    internal void OriginAnswered(OriginOutcome outcome, TimeSpan? firstByte)
    {
        _originAnswers.Increment(outcome);
        if (firstByte is { } duration)
        {
            _originFirstByte.Record(duration.TotalSeconds, Tag.Of(Tag.Outcome, outcome));
        }
    }

    internal void PeerAnswered(PeerReadOutcome outcome, TimeSpan firstByte) => _peerFirstByte.Record(firstByte.TotalSeconds, Tag.Of(Tag.Outcome, outcome));

    internal void BreakerTripped(PeerReadOutcome why) => _breakerTrips.Increment(why);

    public void Dispose() => _meter.Dispose();

    // Both totals include collapsed reads, so the difference is the others.
    private IEnumerable<Measurement<long>> MeasureReads() => Enum.GetValues<ChunkSource>().SelectMany(source =>
    {
        var (collapsed, all) = (_collapsed[source], _reads[source]); // in this order: a read is counted in _reads first
        return new[] { Read(source, all - collapsed, false), Read(source, collapsed, true) };
    });

    private static Measurement<long> Read(ChunkSource source, long count, bool collapsed) => new(count, Tag.Of(Tag.Tier, source), new(Tag.Collapsed, collapsed));
}
