using System.Diagnostics.Metrics;
using ChunkProxy.Cache;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ChunkProxy.Web.Tests.Exchanges;

/// <summary>docs/metrics.md is the approved list of what the program publishes.</summary>
public sealed class MetricsDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SortedDictionary<string, (string Kind, string? Unit)> _instruments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _tags = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Document_ListsEveryMetricWithItsUnitAndTags()
    {
        await PublishAndMeasureAllAsync();

        var published = _instruments.Select(it => Row(it.Key, it.Value.Kind, it.Value.Unit, _tags.GetValueOrDefault(it.Key, [])));

        var rows = (await File.ReadAllLinesAsync(Path.Combine(ProductBuild.Root, "docs", "metrics.md"), TestContext.Current.CancellationToken))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => string.Join('|', line.Split('|')[..5]) + "|");
        Assert.Equal(published, rows);
    }

    private async Task PublishAndMeasureAllAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ChunkProxy:Url"] = "http://127.0.0.1:1/",
            ["ChunkProxy:Dir"] = _folder.Path,
            ["ChunkProxy:MemorySize"] = "32MiB",
            ["ChunkProxy:Redis"] = "127.0.0.1:1",
        }).Build();
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration).AddLogging().AddSuperHotRedis().AddChunkCache().AddChunkProxyFrontEnd().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name == CacheMetrics.MeterName)
                {
                    _instruments.Add(instrument.Name, (KindOf(instrument), instrument.Unit));
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();

        foreach (var part in services.GetServices<IHostedService>().Where(static part => part is StatusMetrics or PendingSendMetrics))
        {
            await part.StartAsync(CancellationToken.None);
        }

        var cache = services.GetRequiredService<CacheMetrics>();
        cache.ChunkRead(new ReadReport(ChunkSource.Memory, Collapsed: false));
        cache.PeerServed(new ReadReport(ChunkSource.Memory, Collapsed: false), forClient: true);
        cache.Received(ChunkSource.Origin, 1);
        cache.FillEnded(FillOutcome.Completed, TimeSpan.FromSeconds(1));
        cache.OriginQueued(TimeSpan.FromSeconds(1));
        cache.OriginAnswered(OriginOutcome.Part, TimeSpan.FromSeconds(1));
        cache.PeerAnswered(PeerReadOutcome.Answered, TimeSpan.FromSeconds(1));
        cache.Purged(1);
        var frontEnd = services.GetRequiredService<FrontEndMetrics>();
        frontEnd.BytesSent(1);
        var exchange = new Exchange(TimeProvider.System);
        exchange.FirstByteIsThere();
        frontEnd.FirstByte(ChunkSource.Memory, exchange);
        frontEnd.RequestEnded("GET", 200, ResponseEnding.Completed, TimeSpan.FromSeconds(1));
        var limits = services.GetRequiredService<ClientLimits>();
        foreach (var isRefused in new[] { false, true })
        {
            limits.BeginRequest(new DefaultHttpContext(), new ClientRules("films", MaxRequests: 1, Rate: 0, Burst: 0), out var was);
            Assert.Equal(isRefused, was);
        }

        listener.RecordObservableInstruments();
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var known = _tags.TryGetValue(instrument.Name, out var names) ? names : _tags[instrument.Name] = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in tags)
        {
            known.Add(name);
        }
    }

    private static string Row(string name, string kind, string? unit, IEnumerable<string> tags)
    {
        var all = string.Join(", ", tags.Select(tag => $"`{tag}`"));
        return $"| `{name}` | {kind} | `{unit}` | {all}{(all.Length == 0 ? "" : " ")}|";
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        var name when name.Contains("Histogram", StringComparison.Ordinal) => "histogram",
        var name when name.Contains("UpDown", StringComparison.Ordinal) || name.Contains("Gauge", StringComparison.Ordinal) => "gauge",
        _ => "counter",
    };
}
