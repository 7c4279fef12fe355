using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>Counts what the cache does, for meters (OTLP, Prometheus) and as plain totals for <c>/stats</c>.</summary>
public sealed class CacheMetrics : IDisposable
{
    public const string MeterName = "ChunkProxy";

    private readonly Meter _meter;
    private readonly Counter<long> _reads;
    private readonly Counter<long> _fills;
    private readonly Histogram<double> _fillDuration;
    private readonly Counter<long> _originRequests;
    private readonly Counter<long> _receivedBytes;
    private readonly long[] _readTotals = new long[Enum.GetValues<ChunkSource>().Length];
    private readonly long[] _byteTotals = new long[Enum.GetValues<ChunkSource>().Length];
    private readonly long[] _fillTotals = new long[Enum.GetValues<FillOutcome>().Length];
    private readonly long[] _originTotals = new long[Enum.GetValues<OriginOutcome>().Length];
    private readonly Counter<long> _peerServed;
    private readonly long[] _servedTotals = new long[Enum.GetValues<ChunkSource>().Length];
    private long _servedBytes;
    private long _collapsed;

    public CacheMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _reads = _meter.CreateCounter<long>("chunkproxy.chunk.reads", "{read}", "Slices opened, by where their bytes came from.");
        _peerServed = _meter.CreateCounter<long>("chunkproxy.peer.served", "{read}", "Slices served to other members, by where this one had them from.");
        _fills = _meter.CreateCounter<long>("chunkproxy.fills", "{fill}", "Retrievals of a chunk that ended, by outcome.");
        _fillDuration = _meter.CreateHistogram<double>("chunkproxy.fill.duration", "s", "From the start of a retrieval to its end.");
        _originRequests = _meter.CreateCounter<long>("chunkproxy.origin.requests", "{request}", "Requests to the origin, by outcome.");
        _receivedBytes = _meter.CreateCounter<long>("chunkproxy.received.bytes", "By", "Bytes of chunks received, by where from.");
    }

    public long ReadsFrom(ChunkSource source) => Volatile.Read(ref _readTotals[(int)source]);

    public long BytesFrom(ChunkSource source) => Volatile.Read(ref _byteTotals[(int)source]);

    public long FillsThatEnded(FillOutcome outcome) => Volatile.Read(ref _fillTotals[(int)outcome]);

    public long OriginAnswers(OriginOutcome outcome) => Volatile.Read(ref _originTotals[(int)outcome]);

    public long OriginRequests => _originTotals.Sum();

    /// <summary>Reads that joined a retrieval under way.</summary>
    public long CollapsedReads => Volatile.Read(ref _collapsed);

    /// <summary>Slices served to other members.</summary>
    public long PeerReadsServed => _servedTotals.Sum();

    /// <summary>The same by where this process had their bytes from.</summary>
    public long PeerReadsServedFrom(ChunkSource source) => Volatile.Read(ref _servedTotals[(int)source]);

    /// <summary>Bytes of those slices that a client is to get; what a member takes over from another does not count.</summary>
    public long PeerBytesServed => Volatile.Read(ref _servedBytes);

    internal void PeerSent(int bytes) => Interlocked.Add(ref _servedBytes, bytes);

    internal void ChunkRead(ReadReport report)
    {
        Interlocked.Increment(ref _readTotals[(int)report.Source]);
        if (report.Collapsed)
        {
            Interlocked.Increment(ref _collapsed);
        }

        if (_reads.Enabled)
        {
            _reads.Add(1, Tag("chunkproxy.tier", report.Source), new("chunkproxy.collapsed", report.Collapsed));
        }
    }

    internal void PeerServed(ReadReport report)
    {
        Interlocked.Increment(ref _servedTotals[(int)report.Source]);
        if (_peerServed.Enabled)
        {
            _peerServed.Add(1, Tag("chunkproxy.tier", report.Source));
        }
    }

    internal void Received(ChunkSource source, int bytes)
    {
        Interlocked.Add(ref _byteTotals[(int)source], bytes);
        _receivedBytes.Add(bytes, Tag("chunkproxy.tier", source));
    }

    internal void FillEnded(FillOutcome outcome, TimeSpan duration)
    {
        Interlocked.Increment(ref _fillTotals[(int)outcome]);
        _fills.Add(1, Tag("chunkproxy.outcome", outcome));
        _fillDuration.Record(duration.TotalSeconds, Tag("chunkproxy.outcome", outcome));
    }

    internal void OriginAnswered(OriginOutcome outcome)
    {
        Interlocked.Increment(ref _originTotals[(int)outcome]);
        _originRequests.Add(1, Tag("chunkproxy.outcome", outcome));
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag<T>(string name, T value)
        where T : struct, Enum => new(name, TagNames<T>.Of(value));

    // Boxed once: a tag must not cost an allocation.
    private static class TagNames<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, object> Names = Enum.GetValues<T>().ToDictionary(value => value, value => (object)SnakeCase(value.ToString()));

        public static object Of(T value) => Names[value];

        private static string SnakeCase(string name) =>
            string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? $"{(i == 0 ? "" : "_")}{char.ToLowerInvariant(letter)}" : $"{letter}"));
    }
}
