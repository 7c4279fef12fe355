using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tests.Settings;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Cache.Tests.Tiers.SuperHot;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tests.Tiers;

/// <summary>The Redis tier is fed from memory and shared: chunks stored by one process are read by another.</summary>
public sealed class SuperHotTierContractTests(RedisServer redis) : ChunkTierContract, IClassFixture<RedisServer>
{
    private const int ChunkSize = 64 * 1024;

    private readonly MemoryTier _memory = new(AmpleBudget, ChunkSize);
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<ConnectionMultiplexer> _connections = [];
    private RedisConsole? _client;
    private SuperHotTier? _writer;
    private SuperHotPublisher? _publisher;
    private SuperHotTier? _reader;

    protected override long UsedBytes => _client!.SumOfLengths();

    public override async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _writer!.DisposeAsync();
            await _reader!.DisposeAsync();
            await _client.DisposeAsync();
        }

        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await _meters.DisposeAsync();
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }

    protected override async Task StartAsync()
    {
        if (_client is null)
        {
            _client = await RedisConsole.ConnectAsync(redis);
            (_writer, _publisher) = await CreateAsync();
            (_reader, _) = await CreateAsync();
        }

        await _client.FlushAsync();
    }

    protected override async Task StoreAsync(Chunk chunk)
    {
        var buffer = TestChunks.BufferOf(chunk);
        var outcome = await _publisher!.PublishAsync(chunk.Key, buffer);
        buffer.Release();
        Assert.True(outcome is SuperHotPublishOutcome.Published or SuperHotPublishOutcome.Prolonged, $"{outcome}");
    }

    protected override async Task<byte[]?> ReadAsync(Chunk chunk)
    {
        using var read = await _reader!.ReadAsync(chunk, TestContext.Current.CancellationToken);
        Assert.True(read.Outcome is SuperHotReadOutcome.Hit or SuperHotReadOutcome.Absent, $"{read.Outcome}");
        return read.Outcome is SuperHotReadOutcome.Hit ? read.Bytes.ToArray() : null;
    }

    protected override async Task RemoveAsync(Chunk chunk)
    {
        await _reader!.RemoveAsync(chunk.Key);
        await _reader.ReadAsync(chunk, TestContext.Current.CancellationToken); // on the same connection: Redis has removed it when this is answered
    }

    // The publisher is as that of the tier, and uses its connection: no read is needed for it to publish.
    private async Task<(SuperHotTier Tier, SuperHotPublisher Publisher)> CreateAsync()
    {
        var connection = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        _connections.Add(connection);
        var options = new SuperHotOptions { Size = AmpleBudget, Timeout = TimeSpan.FromSeconds(5) };
        var link = new RedisLink(
            Task.FromResult<IConnectionMultiplexer>(connection), options.Concurrency, TimeProvider.System, new RecentEvents(TimeProvider.System), NullLogger.Instance);
        var objects = new ObjectDirectory(
            Options.Create(new CacheOptions()), new FixedOptions<OriginOptions>(new OriginOptions()), new PurgeLedger(Options.Create(new PurgeOptions()), TimeProvider.System), new PurgeFreshness(TimeProvider.System), TimeProvider.System);
        var seal = new SuperHotSeal(new KeyRing([new SharedSecret("a secret of the contract")]));
        var metrics = new SuperHotMetrics(_meters.GetRequiredService<IMeterFactory>());
        var tier = new SuperHotTier(link, _memory, objects, ChunkSize, seal, options, metrics, TimeProvider.System);
        var list = new SuperHotList(seal, TimeProvider.System, (int)(AmpleBudget / ChunkSize));
        var publisher = new SuperHotPublisher(link, list, seal, _memory, objects, options, metrics, TimeProvider.System) { Stopping = CancellationToken.None };
        await tier.Connected.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        return (tier, publisher);
    }
}
