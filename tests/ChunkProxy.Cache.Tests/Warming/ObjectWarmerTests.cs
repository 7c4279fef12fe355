using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Cache.Warming;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Warming;

/// <summary>Warming over engines that know each other by their pool ports.</summary>
public sealed class ObjectWarmerTests
{
    private const int Chunks = 25;
    private const long Size = (24 * MiB) + 12_345;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Warm_ColdObject_IsFetchedOnceEachChunkByItsOwner()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);
        var front = cluster.AddFrontEnd();

        var figures = await WarmAsync(front, 0, Chunks);

        Assert.Equal(new WarmFigures(Chunks, Chunks, Size, Size), figures);
        Assert.All(Enumerable.Range(0, Chunks), index => Assert.True(Has(cluster[cluster.OwnerOf("/film", index)], index)));
        Assert.Equal(Chunks, cluster.Nodes.Sum(node => node.Engine.Memory.Statistics.Chunks));
        Assert.Equal(0, front.Memory.Statistics.Chunks);
        await film.WhenIdleAsync(Stop);
        Assert.InRange(film.BodyBytesSent, Size, Size + 1); // and the byte by which the object was found

        var before = film.BodyBytesSent;
        await front.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Warm_AlreadyThere_IsDoneAtOnceAndAsksNobodyForIt()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        await WarmAsync(cluster[0], 4, 3);
        await film.WhenIdleAsync(Stop);
        var requests = film.Requests.Count;

        var figures = await WarmAsync(cluster[1], 4, 3);

        Assert.Equal(new WarmFigures(3, 3, 3 * MiB, 3 * MiB), figures);
        Assert.Equal(requests, film.Requests.Count);
    }

    [Fact]
    public async Task Warm_PartOfAnObject_FetchesThatPartAlone()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var engine = new Engine(origin);

        var figures = await WarmAsync(engine, 20, 5);

        Assert.Equal(new WarmFigures(5, 5, (4 * MiB) + 12_345, (4 * MiB) + 12_345), figures);
        await film.WhenIdleAsync(Stop);
        Assert.Equal((4 * MiB) + 12_345, film.BytesSentWithin(20 * MiB, Size));
        Assert.InRange(film.BytesSentWithin(0, 20 * MiB), 0, 1);
    }

    [Fact]
    public async Task Warm_MoreChunksThanAWarmUpFetches_IsRefusedAndAsksForNone()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 1L << 50);
        await using var engine = new Engine(origin);
        var version = await engine.FindAsync("/film", firstByte: null, Stop);
        var requests = film.Requests.Count;

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => engine.Warmer.WarmAsync(version, 0, version.Layout.ChunkCount, new WarmProgress(), pace: null, Stop));

        Assert.Equal(requests, film.Requests.Count);
    }

    [Fact]
    public async Task Warm_PartOfAnObjectOfHugeSize_FetchesThatPart()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 1L << 50);
        await using var engine = new Engine(origin);
        var version = await engine.FindAsync("/film", firstByte: null, Stop);

        await engine.Warmer.WarmAsync(version, (1L << 30) - 2, 2, new WarmProgress(), pace: null, Stop).WaitAsync(Patience.Limit, Stop);

        Assert.True(engine.Memory.Contains(version.Chunk((1L << 30) - 1).Key));
        Assert.Equal(2, engine.Memory.Statistics.Chunks);
    }

    [Fact]
    public async Task Warm_MoreThanMemoryHolds_IsAllOnDisk()
    {
        using var folder = new TemporaryFolder();
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 64 * MiB });
        await using var engine = new Engine(origin, time: null, ("MemorySize", "16MiB"), ("DiskSize", "128MiB"), ("Dir", folder.Path));

        await WarmAsync(engine, 0, 64);
        await film.WhenIdleAsync(Stop);
        var before = film.BodyBytesSent;
        await engine.ReadAsync("/film", ByteRange.Whole(64 * MiB), Stop);

        Assert.Equal(before, film.BodyBytesSent);
    }

    [Fact]
    public async Task Warm_MemberDiesMeanwhile_ItsChunksAreFetchedByItsStandIns()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 3, Stop);
        var front = cluster.AddFrontEnd();
        var version = await front.FindAsync("/film", null, Stop);
        var last = Enumerable.Range(0, Chunks).Last(index => cluster.OwnerOf("/film", index) == 0);
        var gate = new Gate();
        film.Script = request => request.Range == RangeOf(last) ? film.Answer with { HoldAnswer = gate } : film.Answer;

        var progress = new WarmProgress();
        var warming = front.Warmer.WarmAsync(version, 0, Chunks, progress, pace: null, Stop);
        await gate.WhenReachedAsync(Stop); // the member has its other chunks by then, or most of them
        await cluster[0].Pool.StopAsync(new CancellationToken(canceled: true));
        await cluster[0].Pool.DisposeAsync();
        film.Script = _ => film.Answer;
        gate.Open();
        await warming.WaitAsync(Patience.Limit, Stop);

        Assert.Equal(new WarmFigures(Chunks, Chunks, Size, Size), progress.Read());
        Assert.All(Enumerable.Range(0, Chunks), index => Assert.True(Has(cluster[1], index) || Has(cluster[2], index)));
    }

    [Fact]
    public async Task Warm_OriginFailsForAWhile_IsAskedAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var engine = new Engine(origin, time: null, ("Warm:Backoff", "00:00:00.001"));
        var version = await engine.FindAsync("/film", null, Stop);
        var failed = 0;
        film.Script = request => request.Range == RangeOf(3) && Interlocked.Increment(ref failed) <= 2
            ? film.Answer with { Status = HttpStatusCode.ServiceUnavailable }
            : film.Answer;

        var progress = new WarmProgress();
        await engine.Warmer.WarmAsync(version, 3, 1, progress, pace: null, Stop);

        Assert.Equal(1, progress.Read().ChunksDone);
        Assert.True(failed > 2);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProxyError.OriginFailed)]
    [InlineData(HttpStatusCode.NotFound, ProxyError.NotFound)]
    [InlineData(HttpStatusCode.PreconditionFailed, ProxyError.VersionChanged)]
    public async Task Warm_OriginSaysNo_EndsWithTheNameOfIt(HttpStatusCode status, ProxyError expected)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop, ("Warm:Backoff", "00:00:00.001"), ("Warm:Attempts", "2"));
        var version = await cluster[0].FindAsync("/film", null, Stop);
        film.Script = _ => film.Answer with { Status = status };

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => cluster[0].Warmer.WarmAsync(version, 0, Chunks, new WarmProgress(), pace: null, Stop));

        Assert.Equal(expected, failure.Error);
        Assert.Empty(cluster[0].Breakers.Open);
    }

    [Fact]
    public async Task Warm_TwoAtOnce_LeaveClientsTheirPlacesAtTheOrigin()
    {
        await using var origin = ScriptedOrigin.Start();
        var gate = new Gate();
        var film = origin.Add("/film", new OriginAnswer { Size = Size });
        var other = origin.Add("/other", Size);
        await using var engine = new Engine(origin, time: null, ("Warm:Concurrency", "1000"), ("Origin:MaxConnections", "8"));
        var version = await engine.FindAsync("/film", null, Stop);
        film.Script = _ => film.Answer with { HoldAnswer = gate };

        var warming = Task.WhenAll(
            engine.Warmer.WarmAsync(version, 0, 12, new WarmProgress(), pace: null, Stop), engine.Warmer.WarmAsync(version, 12, 12, new WarmProgress(), pace: null, Stop));
        await film.UntilAsync(it => it.Requests.Count >= 3, "two chunks are asked for", Stop); // the first request found the object
        await engine.ReadAsync("/other", ByteRange.Whole(Size), Stop);

        Assert.Equal(3, film.Requests.Count);
        film.Script = _ => film.Answer;
        gate.Open();
        await warming.WaitAsync(Patience.Limit, Stop);
        await other.WhenIdleAsync(Stop);
        Assert.Equal(Size, other.BodyBytesSent);
    }

    [Fact]
    public async Task Warm_Cancelled_EndsAtOnceAndItsFillsToo()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", Size);
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        var version = await cluster[0].FindAsync("/film", null, Stop);
        var gate = new Gate();
        film.Script = _ => film.Answer with { HoldAnswer = gate };
        using var cancel = new CancellationTokenSource();

        var warming = cluster[0].Warmer.WarmAsync(version, 0, Chunks, new WarmProgress(), pace: null, cancel.Token);
        await gate.WhenReachedAsync(Stop);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => warming.WaitAsync(Patience.Limit, Stop));
        gate.Open();
        await film.WhenIdleAsync(Stop);
    }

    private static async Task<WarmFigures> WarmAsync(Engine engine, long first, long count)
    {
        var progress = new WarmProgress();
        var version = await engine.FindAsync("/film", null, Stop);
        await engine.Warmer.WarmAsync(version, first, count, progress, pace: null, Stop).WaitAsync(Patience.Limit, Stop);
        return progress.Read();
    }

    private static string RangeOf(long index) => $"bytes={index * MiB}-{Math.Min(Size, (index + 1) * MiB) - 1}";

    private static bool Has(Engine engine, long index) =>
        engine.Memory.Entries.Any(entry => entry.Key.Index == index && entry.Buffer.Partial is null);
}
