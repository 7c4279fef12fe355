using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

/// <summary>Faults of a real Redis under load: no read fails, all bytes are compared, only reads in progress at the fault wait.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    private const int Chunks = 24;
    private const long Size = Chunks * MiB;
    private const int Places = 8; // SuperHot:Concurrency

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private RedisServer _redis = null!;
    private RedisConsole _client = null!;
    private TestCluster _cluster = null!;
    private Engine _reader = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync(Stop);
        _client = await RedisConsole.ConnectAsync(_redis);
        _origin.Add("/film", Size);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _client.DisposeAsync();
        await _redis.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Redis_Hangs_OnlyThoseWhoWereAtItWait()
    {
        await StartAsync(("SuperHot:RetryAfter", "01:00:00")); // no trial but the first
        var newcomer = await PublishAllAndAddAsync(("SuperHot:Timeout", "00:00:02"));

        _redis.Pause();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => newcomer.ReadAsync("/film", ByteRange.Whole(Size), Stop)));
        _redis.Resume();

        var metrics = newcomer.SuperHot.Metrics;
        Assert.InRange(metrics.Reads(SuperHotReadOutcome.TimedOut), 1, Places);
        Assert.Equal(0, metrics.Reads(SuperHotReadOutcome.Hit));
        Assert.True(metrics.Reads(SuperHotReadOutcome.Skipped) > 0);
        Assert.NotNull(newcomer.SuperHot.State.Skipped);
    }

    [Theory]
    [InlineData("hangs")]
    [InlineData("stops")]
    [InlineData("restarts")]
    public async Task Redis_IsAwayForAWhile_NoReadFailsAndItIsUsedAgain(string fault)
    {
        await StartAsync(("SuperHot:RetryAfter", "00:00:00.050"), ("SuperHot:Lifetime", "00:00:02"), ("SuperHot:Timeout", "00:00:00.500"));
        await PublishAllAndAddAsync();

        await BeginAsync(fault);
        if (fault is not "restarts")
        {
            await ReadUntilAsync(() => _reader.SuperHot.State.Skipped is not null);
        }

        await EndAsync(fault);
        var before = PublishedBy(_cluster);
        await ReadUntilAsync(() => PublishedBy(_cluster) > before); // or prolonged: one that hung has not forgotten

        // Published chunks expire after two seconds, on a busy machine possibly before a newcomer asks. Then another newcomer is added.
        await ReadUntilAsync(async () =>
        {
            var newcomer = await AddAsync();
            await newcomer.ReadAsync("/film", ByteRange.Whole(Size), Stop);
            return newcomer.Metrics.BytesFrom(ChunkSource.SuperHot) > 0;
        });
    }

    [Fact]
    public async Task Redis_IsFlushed_NoReadFailsAndChunksAreThereAgain()
    {
        await StartAsync(("SuperHot:RetryAfter", "00:00:00.050")); // long before half of the chunks' lifetime is over
        var newcomer = await PublishAllAndAddAsync();

        await _client.FlushAsync();
        await newcomer.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await ReadUntilAsync(async () => (await _client.KeysAsync()).Contains("chunkproxy:hot"));

        Assert.Null(newcomer.SuperHot.State.DegradedReason);
    }

    [Fact]
    public async Task Redis_IsFull_IsReadOnAndTakesChunksAgainWhenItHasRoom()
    {
        await StartAsync(("SuperHot:RetryAfter", "00:00:00.050"), ("SuperHot:Lifetime", "00:10:00")); // nothing expires: what was refused is offered again
        await _client.LimitMemoryAsync("16mb", "noeviction");
        SuperHotState? full = null; // as it was at one moment: it may have room again at the next
        await ReadUntilAsync(() => (full = Members.Select(member => member.SuperHot.State).FirstOrDefault(state => state.Full is not null)) is not null);
        Assert.StartsWith("takes no chunks: OOM", full!.DegradedReason, StringComparison.Ordinal);
        Assert.Null(full.Skipped);

        var newcomer = await AddAsync();
        await newcomer.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        Assert.InRange(newcomer.Metrics.BytesFrom(ChunkSource.SuperHot), MiB, 16 * MiB);

        var before = PublishedBy(_cluster);
        await _client.LimitMemoryAsync("0", "noeviction");
        await ReadUntilAsync(() => PublishedBy(_cluster) > before && Members.All(member => member.SuperHot.State.Full is null));
    }

    [Theory]
    [InlineData("allkeys-lru")] // the list may go as well
    [InlineData("volatile-lru")]
    public async Task Redis_EvictsWhatWasPublished_IsReadFromTheOwners(string policy)
    {
        await StartAsync(("SuperHot:RetryAfter", "00:00:00.050"));
        await _client.LimitMemoryAsync("16mb", policy);
        await ReadUntilAsync(policy is "volatile-lru" ? _client.ListsMoreThanThereIsAsync : _client.HasEvictedAsync);

        var newcomer = await AddAsync();
        await newcomer.ReadAsync("/film", ByteRange.Whole(Size), Stop);

        Assert.InRange(newcomer.Metrics.BytesFrom(ChunkSource.SuperHot), policy is "volatile-lru" ? MiB : 0, 16 * MiB);
        Assert.True(policy is not "volatile-lru" || newcomer.SuperHot.Metrics.Reads(SuperHotReadOutcome.Absent) > 0, "what was evicted is listed still");
        Assert.All(Members, member => Assert.Null(member.SuperHot.State.Full));
    }

    [Fact]
    public async Task Redis_HoldsGarbageInTheListsPlace_IsPutInOrder()
    {
        await StartAsync(("SuperHot:RetryAfter", "00:00:00.010"), ("SuperHot:Lifetime", "00:00:01"));
        await _client.Database.StringSetAsync("chunkproxy:hot", "not a list");

        await ReadUntilAsync(() => PublishedBy(_cluster) > 0 && _reader.SuperHot.State is { Skipped: null, Listed: > 0 });
    }

    private Task BeginAsync(string fault)
    {
        if (fault is not "hangs")
        {
            return _redis.StopAsync();
        }

        _redis.Pause();
        return Task.CompletedTask;
    }

    private Task EndAsync(string fault)
    {
        if (fault is not "hangs")
        {
            return _redis.StartAgainAsync(Stop);
        }

        _redis.Resume();
        return Task.CompletedTask;
    }

    private IEnumerable<Engine> Members => _cluster.Nodes.Select(node => node.Engine);

    private static long PublishedBy(TestCluster cluster) =>
        cluster.Nodes.Select(node => node.Engine).Concat(cluster.FrontEnds)
            .Sum(engine => engine.SuperHot.Metrics.Publishes(SuperHotPublishOutcome.Published) + engine.SuperHot.Metrics.Publishes(SuperHotPublishOutcome.Prolonged));

    private async Task StartAsync(params (string Key, string Value)[] settings)
    {
        _cluster = await TestCluster.StartAsync(_origin, 2, Stop, [("Redis", _redis.Endpoint), ("SuperHot:Threshold", "2"), ("SuperHot:Timeout", "00:00:05"), .. settings]);
        _reader = _cluster.AddFrontEnd(("NearCopies:Threshold", "1000000")); // all its reads go to the owners
        await Task.WhenAll(Members.Append(_reader).Select(engine => engine.SuperHot.Connected)).WaitAsync(Patience.Limit, Stop);
    }

    /// <summary>Reads until all chunks are published, and adds a front end that knows the published list.</summary>
    private async Task<Engine> PublishAllAndAddAsync(params (string Key, string Value)[] more)
    {
        await ReadUntilAsync(() => PublishedBy(_cluster) >= Chunks);
        return await AddAsync(more);
    }

    private async Task<Engine> AddAsync(params (string Key, string Value)[] more)
    {
        var newcomer = _cluster.AddFrontEnd(more);
        await newcomer.SuperHot.Connected.WaitAsync(Patience.Limit, Stop);
        return newcomer;
    }

    private Task ReadUntilAsync(Func<bool> holds) => ReadUntilAsync(() => Task.FromResult(holds()));

    private async Task ReadUntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!await holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await _reader.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        }
    }
}
