using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Query parameters that are not part of the cache key: viewers share the chunks, and the origin gets the query of the request.</summary>
public sealed class CacheKeyTests : IAsyncLifetime
{
    private const int Size = (3 * MiB) + 77;

    private static readonly (string Key, string Value) Ignore = ("CacheKey:Ignore", "token");
    private static readonly OriginAnswer Film = new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "max-age=600");
    private static readonly OriginAnswer Forbidden = new() { Status = HttpStatusCode.Forbidden };
    private static readonly OriginAnswer Failing = new() { Status = HttpStatusCode.ServiceUnavailable };

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    [Fact]
    public async Task Read_SecondViewersToken_IsAHitThatAsksNobody()
    {
        AddFilm("anna", "ben");
        await using var engine = new Engine(_origin, null, Ignore);
        await engine.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);
        var asked = _origin.Requests.Count;

        await engine.ReadAsync("/film?token=ben", ByteRange.Whole(Size), Stop);

        Assert.Equal(asked, _origin.Requests.Count);
        Assert.All(_origin.Requests, request => Assert.Equal("/film?token=anna", request.Path));
    }

    [Fact]
    public async Task Read_SecondViewerMisses_AsksWithTheirOwnToken()
    {
        AddFilm("anna", "ben");
        await using var engine = new Engine(_origin, null, Ignore);
        await engine.ReadAsync("/film?token=anna", new ByteRange(0, 10), Stop);
        await engine.WhenFilledAsync(Stop);

        await engine.ReadAsync("/film?token=ben", new ByteRange(2 * MiB, Size), Stop);

        Assert.Contains(_origin.Requests, request => request.Path == "/film?token=ben");
    }

    [Fact]
    public async Task Read_StaleVersion_IsRevalidatedWithTheTokenOfTheRequest()
    {
        AddStaleFilm("anna", "ben");
        await using var engine = new Engine(_origin, null, Ignore);
        await engine.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);

        await engine.FindAsync("/film?token=ben", firstByte: null, Stop);

        Assert.Contains(_origin.Requests, request => request.Path == "/film?token=ben" && request["If-None-Match"] is not null);
    }

    [Fact]
    public async Task Read_TokenIsRefused_IsSaidToThatViewerOnly()
    {
        AddFilm("anna");
        _origin.Add("/film?token=stranger", Forbidden);
        await using var engine = new Engine(_origin, null, Ignore, ("Origin:KeptStatuses", "403,404"));

        var refused = await engine.Reader.FindAsync(engine.At("/film?token=stranger"), 0, Stop);
        await engine.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);

        Assert.Equal((ProxyError.OriginRefused, 403), (refused.Error, refused.OriginStatus));
    }

    [Fact]
    public async Task Find_SearchOfARefusedTokenIsUnderWay_AsksWithTheOtherToken()
    {
        var hold = new Gate();
        AddFilm("anna");
        var stranger = _origin.Add("/film?token=stranger", Forbidden with { HoldAnswer = hold });
        await using var engine = new Engine(_origin, null, Ignore);
        var refused = engine.Reader.FindAsync(engine.At("/film?token=stranger"), 0, Stop).AsTask();
        await stranger.UntilAsync(it => it.Requests.Count > 0, "the stranger's request is at the origin", Stop);

        var found = engine.Reader.FindAsync(engine.At("/film?token=anna"), 0, Stop).AsTask();
        hold.Open();

        Assert.Equal(ProxyError.None, (await found).Error);
        Assert.Equal(ProxyError.OriginRefused, (await refused).Error);
    }

    [Fact]
    public async Task Find_OriginFailsForOneToken_TheVersionIsRevalidatedForTheOthers()
    {
        AddStaleFilm("anna", "ben");
        _origin.Add("/film?token=stranger", Failing);
        await using var engine = new Engine(_origin, null, Ignore);
        await engine.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);

        var ofStranger = await engine.Reader.FindAsync(engine.At("/film?token=stranger"), null, Stop);
        var ofBen = await engine.Reader.FindAsync(engine.At("/film?token=ben"), null, Stop);

        Assert.Equal((true, false), (ofStranger.IsStale, ofBen.IsStale));
        Assert.Contains(_origin.Requests, request => request.Path == "/film?token=ben");
    }

    [Fact]
    public async Task Find_OriginFailsForOneFieldOfARequest_TheVersionIsRevalidatedForTheOthers()
    {
        var stale = new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "max-age=0");
        var film = _origin.Add("/film", stale);
        film.Script = request => request["X-Loop"] is null ? stale : Failing;
        await using var engine = new Engine(_origin, null, ("Origin:RequestFields", "X-Loop"));
        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);

        var ofStranger = await engine.Reader.FindAsync(engine.At("/film"), new RequestFields([new("X-Loop", "1")]), null, client: null, Stop);
        var ofOthers = await engine.Reader.FindAsync(engine.At("/film"), null, Stop);

        Assert.Equal((true, false), (ofStranger.IsStale, ofOthers.IsStale));
    }

    [Fact]
    public async Task Find_OriginFailsForAll_TheStaleVersionIsServedWithoutAskingForEachRequest()
    {
        AddStaleFilm("anna", "ben");
        await using var engine = new Engine(_origin, null, Ignore);
        await engine.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);
        var film = _origin.Add("/film?token=ben", Failing);

        for (var i = 0; i < 10; i++)
        {
            Assert.True((await engine.Reader.FindAsync(engine.At("/film?token=ben"), null, Stop)).IsStale);
        }

        Assert.InRange(film.Requests.Count, 1, 4); // three failures in a row are an outage
    }

    [Fact]
    public async Task Find_AnswerForOneTokenIsNoObjectThroughAFrontEnd_TheOthersGetTheFilm()
    {
        AddStaleFilm("anna", "ben");
        _origin.Add("/film?token=stranger", new OriginAnswer { Status = HttpStatusCode.NonAuthoritativeInformation });
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop, Ignore);
        var front = cluster.AddFrontEnd();
        await front.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);

        var ofStranger = await front.Reader.FindAsync(front.At("/film?token=stranger"), null, Stop);
        var ofBen = await front.Reader.FindAsync(front.At("/film?token=ben"), null, Stop);

        Assert.True(ofStranger.IsPassThrough);
        Assert.Equal(Size, ofBen.Version?.Size);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, ProxyError.OriginRefused)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProxyError.OriginFailed)]
    public async Task Read_FillOfARefusedTokenIsUnderWay_ReadsWithTheOtherToken(HttpStatusCode status, ProxyError error)
    {
        var hold = new Gate();
        AddFilm("anna");
        var stranger = _origin.Add("/film?token=stranger", new OriginAnswer { Status = status, HoldAnswer = hold });
        await using var engine = new Engine(_origin, null, Ignore);
        var version = await engine.FindAsync("/film?token=anna", firstByte: null, Stop);
        var slice = new Slice(1, 0, 1000);
        var refused = engine.OpenAsync(version.For(engine.At("/film?token=stranger")), slice, Stop).AsTask();
        await stranger.UntilAsync(it => it.Requests.Count > 0, "the stranger's request is at the origin", Stop);

        var read = engine.OpenAsync(version, slice, Stop).AsTask();
        hold.Open();

        using var lease = await read;
        Assert.False((await lease.ReadAsync(0, 1000, Stop)).IsEmpty);
        Assert.Equal(error, (await Assert.ThrowsAsync<ChunkReadException>(() => refused)).Error);
    }

    [Fact]
    public async Task Keep_Token_IsInNoVersionThatIsStored()
    {
        using var folder = new TemporaryFolder();
        AddFilm("anna");
        await using var engine = new Engine(_origin, null, Ignore, ("DiskSize", "64MiB"), ("Dir", folder.Path));

        var version = await engine.FindAsync("/film?token=anna", 0, Stop);
        await engine.ReadAsync(version, ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);
        var inMemory = engine.Memory.TryGet(version.Chunk(0).Key)!;
        var inDirectory = await engine.Reader.FindAsync(new ObjectId("/film", version.Id.Origin), null, Stop);
        var (chunkTarget, versionTarget) = (inMemory.Version!.Id.Target, inDirectory.Version!.Id.Target);
        inMemory.Release();
        await engine.DisposeAsync(); // writes the rest

        Assert.Equal(("/film", "/film"), (chunkTarget, versionTarget));
        Assert.NotEmpty(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories));
        Assert.All(
            Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories),
            file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("token"u8)));
    }

    [Fact]
    public async Task Read_ThroughAFrontEnd_TheOwnerAsksWithTheViewersQuery()
    {
        AddFilm("anna", "ben");
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop, Ignore, ("PoolKey", "the key of the cluster"));
        var (one, other) = (cluster.AddFrontEnd(), cluster.AddFrontEnd());

        await one.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);
        foreach (var (engine, _) in cluster.Nodes)
        {
            await engine.WhenFilledAsync(Stop);
        }

        var asked = _origin.Requests.Count;
        await other.ReadAsync("/film?token=ben", ByteRange.Whole(Size), Stop);

        Assert.Equal(asked, _origin.Requests.Count);
        Assert.All(_origin.Requests, request => Assert.Equal("/film?token=anna", request.Path));
        Assert.Equal(0, one.Metrics.ReadsFrom(ChunkSource.Origin) + other.Metrics.ReadsFrom(ChunkSource.Origin));
        Assert.Empty(one.Breakers.Open);
    }

    [Fact]
    public async Task Read_FrontEndHasOtherRules_ReadsForItselfAndTheOwnerKeepsNothing()
    {
        AddFilm("anna");
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop, Ignore);
        var front = cluster.AddFrontEnd(("CacheKey:Ignore", ""));

        await front.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);

        Assert.Empty(cluster[0].Memory.Entries);
        Assert.NotEmpty(front.Breakers.Open);
    }

    [Fact]
    public async Task Purge_AnyQueryOfTheObject_PurgesIt()
    {
        AddFilm("anna", "ben");
        await using var engine = new Engine(_origin, null, Ignore);
        await engine.ReadAsync("/film?token=anna", ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);

        await engine.PurgeCoordinator.PurgeAsync(engine.At("/film?token=admin"), Stop);
        await engine.ReadAsync("/film?token=ben", ByteRange.Whole(Size), Stop);

        Assert.Contains(_origin.Requests, request => request.Path == "/film?token=ben");
    }

    private void AddStaleFilm(params string[] viewers)
    {
        foreach (var viewer in viewers)
        {
            _origin.Add($"/film?token={viewer}", new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "max-age=0"));
        }
    }

    private void AddFilm(params string[] viewers)
    {
        foreach (var viewer in viewers)
        {
            _origin.Add($"/film?token={viewer}", Film);
        }
    }
}
