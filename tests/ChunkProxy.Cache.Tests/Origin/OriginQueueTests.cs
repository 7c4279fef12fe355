using System.Collections.Concurrent;
using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>The queue for a connection to the origin: requests that nobody waits for leave it, and clients take turns in it.</summary>
public sealed class OriginQueueTests : IAsyncDisposable
{
    private static readonly (string Key, string Value) OneConnection = ("Origin:MaxConnections", "1");

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly Gate _gate = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly CancellationTokenSource _client = new();

    public OriginQueueTests() => Record("/first", new OriginAnswer { Size = 100, HoldAnswer = _gate });

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Search_ItsClientLeavesTheQueue_SendsNothing()
    {
        await using var engine = new Engine(_origin, time: null, OneConnection);
        var first = await BlockAsync(engine, engine);
        var search = FindAsync(engine, "/film", "10.0.0.1", _client.Token);
        await engine.WhenQueuedAsync(1, Stop);

        await _client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        await engine.WhenQueuedAsync(0, Stop);

        await EndAsync(engine, first);
        Assert.Equal(["/first", "/last"], _asked);
    }

    [Fact]
    public async Task Search_OneOfItsClientsLeaves_IsSentForTheOther()
    {
        await using var engine = new Engine(_origin, time: null, OneConnection);
        var first = await BlockAsync(engine, engine);
        var one = FindAsync(engine, "/film", "10.0.0.1", _client.Token);
        var other = FindAsync(engine, "/film", "10.0.0.2", Stop);
        await engine.WhenQueuedAsync(1, Stop);

        await _client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);

        await EndAsync(engine, first);
        Assert.Equal(ProxyError.None, (await other).Error);
        Assert.Equal(["/first", "/film", "/last"], _asked);
    }

    [Fact]
    public async Task Search_AfterItWasGivenUp_BeginsAnew()
    {
        await using var engine = new Engine(_origin, time: null, OneConnection);
        var first = await BlockAsync(engine, engine);
        var search = FindAsync(engine, "/film", "10.0.0.1", _client.Token);
        await engine.WhenQueuedAsync(1, Stop);
        await _client.CancelAsync();

        var again = FindAsync(engine, "/film", "10.0.0.1", Stop); // while the first one ends
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);

        await EndAsync(engine, first);
        Assert.Equal(ProxyError.None, (await again).Error);
        Assert.Single(_asked, "/film");
    }

    [Fact]
    public async Task Search_SentAlready_FinishesAndItsAnswerIsKept()
    {
        await using var engine = new Engine(_origin, time: null, OneConnection);
        var search = FindAsync(engine, "/first", "10.0.0.1", _client.Token);
        await _gate.WhenReachedAsync(Stop);
        await _client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);

        _gate.Open();
        Assert.Equal(ProxyError.None, (await FindAsync(engine, "/first", "10.0.0.1", Stop)).Error);
        Assert.Equal(["/first"], _asked);
    }

    [Fact]
    public async Task SearchForAPeer_ThePeersClientLeaves_SendsNothing()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, nodes: 1, Stop, OneConnection);
        var frontEnd = cluster.AddFrontEnd();
        var first = await BlockAsync(frontEnd, cluster[0]);
        var search = FindAsync(frontEnd, "/film", "10.0.0.1", _client.Token);
        await cluster[0].WhenQueuedAsync(1, Stop);

        await _client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
        await cluster[0].WhenQueuedAsync(0, Stop);

        await EndAsync(frontEnd, first);
        Assert.Equal(["/first", "/last"], _asked);
    }

    [Fact]
    public async Task Fill_ItsReaderLeavesTheQueue_SendsNothing()
    {
        await using var engine = new Engine(_origin, time: null, OneConnection);
        Record("/film", new OriginAnswer { Size = 3 * MiB });
        var film = await engine.FindAsync("/film", firstByte: null, Stop);
        var first = await BlockAsync(engine, engine);
        var read = engine.OpenAsync(film, new Slice(1, 0, MiB), _client.Token).AsTask();
        await engine.WhenQueuedAsync(1, Stop);

        await _client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await engine.WhenQueuedAsync(0, Stop);
        await engine.WhenFilledAsync(Stop);

        await EndAsync(engine, first);
        Assert.Equal(["/film", "/first", "/last"], _asked);
    }

    [Fact]
    public async Task PassThrough_ItsClientLeavesTheQueue_SendsNothing()
    {
        await using var engine = new Engine(_origin, time: null, OneConnection);
        var first = await BlockAsync(engine, engine);
        var passed = engine.Reader.PassThroughAsync(engine.At("/film"), HttpMethod.Get, [], IPAddress.Loopback, _client.Token).AsTask();
        await engine.WhenQueuedAsync(1, Stop);

        await _client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => passed);
        await engine.WhenQueuedAsync(0, Stop);

        await EndAsync(engine, first);
        Assert.Equal(["/first", "/last"], _asked);
    }

    [Fact]
    public async Task PassThrough_SlowClientsHaveMoreResponsesThanConnections_HoldNone()
    {
        await using var engine = new Engine(_origin, time: null, ("Origin:MaxConnections", "2"), ("Origin:PassThroughConnections", "5"));
        _origin.Add("/live", new OriginAnswer { Size = 2000, Seed = 3, Chunked = true, Stall = _gate, StallAfter = 1000 });
        _origin.Add("/film", 3 * MiB);
        var answers = new List<PassedThroughAnswer>();
        for (var i = 0; i < 5; i++)
        {
            answers.Add(await PassAsync(engine).WaitAsync(Patience.Limit, Stop));
        }

        Assert.Equal((0, 5), (engine.Origin.RequestsUnderWay, engine.Origin.ResponsesWithoutSlot));
        await engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        _gate.Open();
        foreach (var answer in answers)
        {
            using var body = new MemoryStream();
            await answer.Body.CopyToAsync(body, Stop);
            Assert.Equal(TestData.Bytes(3, 0, 2000), body.ToArray());
            answer.Dispose();
        }

        Assert.Equal(0, engine.Origin.ResponsesWithoutSlot);
    }

    [Fact]
    public async Task PassThrough_HalfOfTheConnectionsAreInUse_FurtherOnesWaitAndCachedObjectsAreFetched()
    {
        await using var engine = new Engine(_origin, time: null, ("Origin:MaxConnections", "2"), ("Origin:PassThroughConnections", "0"));
        _origin.Add("/live", new OriginAnswer { Size = 2000, Chunked = true, Stall = _gate, StallAfter = 1000 });
        _origin.Add("/film", 3 * MiB);

        var first = await PassAsync(engine);
        var second = PassAsync(engine);
        await engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        Assert.False(second.IsCompleted);

        first.Dispose();
        (await second.WaitAsync(Patience.Limit, Stop)).Dispose();
    }

    [Fact]
    public async Task Search_AnotherClientHasManyInTheQueue_IsSentInItsTurn()
    {
        await using var engine = new Engine(_origin, time: null, OneConnection);
        var first = await BlockAsync(engine, engine);
        var flood = Enumerable.Range(0, 50).Select(i => FindAsync(engine, $"/film?{i}", "10.0.0.1", Stop)).ToList();
        await engine.WhenQueuedAsync(50, Stop);
        var miss = FindAsync(engine, "/miss", "10.0.0.2", Stop);
        await engine.WhenQueuedAsync(51, Stop);

        _gate.Open();
        await Task.WhenAll([first, .. flood, miss]);
        Assert.InRange(_asked.ToList().IndexOf("/miss"), 1, 2); // after /first, and one of the others at most
    }

    [Fact]
    public async Task SearchForPeers_OneClientAtSeveralFrontEnds_IsOneClientAtTheOwner()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, nodes: 1, Stop, OneConnection);
        var (one, other) = (cluster.AddFrontEnd(), cluster.AddFrontEnd());
        var first = await BlockAsync(one, cluster[0]);
        var flood = Enumerable.Range(0, 20).Select(i => FindAsync(i % 2 == 0 ? one : other, $"/film?{i}", "10.0.0.1", Stop)).ToList();
        await cluster[0].WhenQueuedAsync(20, Stop);
        var misses = new[] { FindAsync(one, "/miss", "10.0.0.2", Stop), FindAsync(other, "/miss?2", "10.0.0.3", Stop) };
        await cluster[0].WhenQueuedAsync(22, Stop);

        _gate.Open();
        await Task.WhenAll([first, .. flood, .. misses]);
        var order = _asked.ToList();
        Assert.Equal([2, 3], new[] { order.IndexOf("/miss"), order.IndexOf("/miss?2") }.Order()); // after /first and one of the others
    }

    private static Task<PassedThroughAnswer> PassAsync(Engine engine) => engine.Reader.PassThroughAsync(engine.At("/live"), HttpMethod.Get, [], client: null, Stop).AsTask();

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _origin.DisposeAsync();
        _client.Dispose();
    }

    private async Task<ObjectLookup> FindAsync(Engine engine, string path, string client, CancellationToken cancellationToken)
    {
        if (path != "/first")
        {
            Record(path, new OriginAnswer { Size = 100 });
        }

        return await engine.Reader.FindAsync(engine.At(path), RequestFields.None, firstByte: null, IPAddress.Parse(client), cancellationToken);
    }

    // The only connection is in use until the gate opens.
    private async Task<Task<ObjectLookup>> BlockAsync(Engine reader, Engine asker)
    {
        var first = FindAsync(reader, "/first", "10.0.0.9", Stop);
        await _gate.WhenReachedAsync(Stop);
        Assert.Equal(1, asker.Origin.RequestsUnderWay);
        return first;
    }

    // What comes later is sent, so what was not sent before never is.
    private async Task EndAsync(Engine engine, Task<ObjectLookup> first)
    {
        _gate.Open();
        await first;
        await FindAsync(engine, "/last", "10.0.0.9", Stop);
    }

    private void Record(string path, OriginAnswer answer) => _origin.Add(path, answer).Script = request =>
    {
        _asked.Enqueue(request.Path);
        return answer;
    };
}
