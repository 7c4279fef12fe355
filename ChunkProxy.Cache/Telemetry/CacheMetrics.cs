using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>Counts what the cache does, for meters (OTLP, Prometheus) and as plain totals for <c>/stats</c>.</summary>
public sealed class CacheMetrics : IDisposable
{
    public const string MeterName = "ChunkProxy";

    private readonly Meter _meter;
    private readonly Histogram<double> _fillDuration;
    private readonly Histogram<double> _originQueue;
    private readonly Histogram<double> _originFirstByte;
    private readonly Histogram<double> _peerFirstByte;
    private readonly TotalsBy<ChunkSource> _reads = new();
    private readonly TotalsBy<ChunkSource> _collapsed = new(); // of the reads
    private readonly TotalsBy<ProxyError> _failedReads = new();
    private readonly TotalsBy<ChunkSource> _served = new();
    private readonly TotalsBy<ChunkSource> _servedForClients = new(); // of the served
    private readonly TotalsBy<ChunkSource> _received = new();
    private readonly TotalsBy<FillOutcome> _fills = new();
    private readonly TotalsBy<OriginOutcome> _originAnswers = new();
    private readonly TotalsBy<PeerReadOutcome> _breakerTrips = new();
    private readonly StripedCounter _servedBytes = new();
    private long _purges;

    public CacheMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _fillDuration = _meter.CreateLatency("chunkproxy.fill.duration", "From the start of a retrieval to its end.");
        _originQueue = _meter.CreateLatency("chunkproxy.origin.queue.duration", "How long a request to the origin waited for a place among those under way.");
        _originFirstByte = _meter.CreateLatency("chunkproxy.origin.time_to_first_byte", "From a request to the origin to the head of its answer.");
        _peerFirstByte = _meter.CreateLatency("chunkproxy.peer.time_to_first_byte", "From a request to another member to the head of its answer.");
        _meter.CreateObservableCounter("chunkproxy.chunk.reads", MeasureReads, "{read}", "Slices opened, by where their bytes came from.");
        _meter.CreateObservableCounter(
            "chunkproxy.chunk.reads.failed", () => _failedReads.Measure(Tag.Error).Skip((int)ProxyError.None + 1), "{read}", "Slices that could not be had.");
        _meter.CreateObservableCounter(
            "chunkproxy.peer.served", () => _served.Measure(Tag.Tier), "{read}", "Slices served to other members, by where this one had them from.");
        _meter.CreateObservableCounter("chunkproxy.peer.sent", () => PeerBytesServed, "By", "Bytes of those slices.");
        _meter.CreateObservableCounter("chunkproxy.received.bytes", () => _received.Measure(Tag.Tier), "By", "Bytes of chunks received, by where from.");
        _meter.CreateObservableCounter("chunkproxy.fills", () => _fills.Measure(Tag.Outcome), "{fill}", "Retrievals of a chunk that ended, by outcome.");
        _meter.CreateObservableCounter(
            "chunkproxy.origin.requests", () => _originAnswers.Measure(Tag.Outcome), "{request}", "Requests to the origin, by outcome.");
        _meter.CreateObservableCounter(
            "chunkproxy.breaker.trips", () => _breakerTrips.Measure(Tag.Outcome), "{trip}", "Members that reads began to go round, by what they had done.");
        _meter.CreateObservableCounter("chunkproxy.purges", () => Volatile.Read(ref _purges), "{purge}", "Purges of an object that this process has carried out.");
    }

    public long ReadsFrom(ChunkSource source) => _reads[source];

    public long BytesFrom(ChunkSource source) => _received[source];

    public long FillsThatEnded(FillOutcome outcome) => _fills[outcome];

    public long OriginAnswers(OriginOutcome outcome) => _originAnswers[outcome];

    public long OriginRequests => _originAnswers.Sum;

    /// <summary>Reads that joined a retrieval under way.</summary>
    public long CollapsedReads => _collapsed.Sum;

    /// <summary>Slices served to other members.</summary>
    public long PeerReadsServed => _served.Sum;

    /// <summary>Those that a client is to get, by where this process had their bytes from; what a member takes over from another does not count.</summary>
    public long PeerReadsServedFrom(ChunkSource source) => _servedForClients[source];

    /// <summary>Bytes of those slices that a client is to get; what a member takes over from another does not count.</summary>
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

    internal void Purged(int count) => Interlocked.Add(ref _purges, count);

    /// <summary>A request to the origin has got a place, or waited in vain.</summary>
    internal void OriginQueued(TimeSpan waited) => _originQueue.Record(waited.TotalSeconds);

    /// <param name="outcome">How the origin answered, or did not.</param>
    /// <param name="firstByte">From the request to the head; null where it never got a place.</param>
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

    // A read that joined a fill is counted in both totals: what is left of the first are those that did not.
    private IEnumerable<Measurement<long>> MeasureReads() => Enum.GetValues<ChunkSource>().SelectMany(source =>
    {
        var (collapsed, all) = (_collapsed[source], _reads[source]); // in this order: a read is counted among all first
        return new[] { Read(source, all - collapsed, false), Read(source, collapsed, true) };
    });

    private static Measurement<long> Read(ChunkSource source, long count, bool collapsed) => new(count, Tag.Of(Tag.Tier, source), new(Tag.Collapsed, collapsed));
}
