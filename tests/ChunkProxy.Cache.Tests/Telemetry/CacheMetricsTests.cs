using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Cache.Tests.Telemetry;

/// <summary>The measurements that a collector receives.</summary>
public sealed class CacheMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _read = []; // the last value of each series
    private readonly CacheMetrics _metrics;

    public CacheMetricsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, factory))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
        _metrics = new CacheMetrics(factory);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Reads_SomeCollapsed_AreToldApartAndAddUp()
    {
        _metrics.ChunkRead(new ReadReport(ChunkSource.Origin, Collapsed: false));
        _metrics.ChunkRead(new ReadReport(ChunkSource.Origin, Collapsed: true));
        _metrics.ChunkRead(new ReadReport(ChunkSource.Origin, Collapsed: true));

        _listener.RecordObservableInstruments();

        Assert.Equal(1, _read["chunkproxy.chunk.reads origin False"]);
        Assert.Equal(2, _read["chunkproxy.chunk.reads origin True"]);
        Assert.Equal((3, 2), (_metrics.ReadsFrom(ChunkSource.Origin), _metrics.CollapsedReads));
    }

    [Fact]
    public void Series_NothingHappenedYet_BeginAtZero()
    {
        _listener.RecordObservableInstruments();

        Assert.Equal(0, _read["chunkproxy.received.bytes former_owner"]);
        Assert.Equal(0, _read["chunkproxy.fills no_room"]);
        Assert.Equal(0, _read["chunkproxy.breaker.trips unreachable"]);
        Assert.Equal(0, _read["chunkproxy.chunk.reads.failed origin_timed_out"]);
        Assert.DoesNotContain("chunkproxy.chunk.reads.failed none", _read.Keys);
    }

    [Fact]
    public void Origin_RequestFoundNoPlace_IsCountedAndHasNoFirstByte()
    {
        _metrics.OriginQueued(TimeSpan.FromSeconds(15));
        _metrics.OriginAnswered(OriginOutcome.Overloaded, firstByte: null);
        _metrics.OriginAnswered(OriginOutcome.Part, TimeSpan.FromSeconds(2));

        _listener.RecordObservableInstruments();

        Assert.Equal(1, _read["chunkproxy.origin.requests overloaded"]);
        Assert.Equal(15, _read["chunkproxy.origin.queue.duration"]);
        Assert.Equal(2, _read["chunkproxy.origin.time_to_first_byte part"]);
        Assert.DoesNotContain("chunkproxy.origin.time_to_first_byte overloaded", _read.Keys);
    }

    [Fact]
    public void Peers_AnsweredAndFailed_HaveLatencyAndTrips()
    {
        _metrics.PeerAnswered(PeerReadOutcome.NotCached, TimeSpan.FromMilliseconds(3));
        _metrics.BreakerTripped(PeerReadOutcome.Silent);
        _metrics.ChunkReadFailed(ProxyError.OriginFailed);

        _listener.RecordObservableInstruments();

        Assert.Equal(0.003, _read["chunkproxy.peer.time_to_first_byte not_cached"]);
        Assert.Equal(1, _read["chunkproxy.breaker.trips silent"]);
        Assert.Equal(1, _read["chunkproxy.chunk.reads.failed origin_failed"]);
    }

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct, IConvertible
    {
        var name = instrument.Name;
        foreach (var tag in tags)
        {
            name += $" {tag.Value}";
        }

        _read[name] = value.ToDouble(null);
    }
}
