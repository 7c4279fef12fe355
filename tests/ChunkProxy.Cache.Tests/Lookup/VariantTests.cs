using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Request fields that are passed on, and the variants that they select.</summary>
public sealed class VariantTests : IAsyncLifetime
{
    private static readonly ObjectId Film = new("/film");
    private static readonly OriginAnswer Honest = new OriginAnswer { Size = 3 * MiB }.WithHeader("Cache-Control", "max-age=600");

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    [Fact]
    public async Task Find_VaryNamesAFieldThatIsPassedOn_HasFieldsForEachValueAndChunksForAll()
    {
        var film = _origin.Add("/film", Honest);
        film.Script = request => Honest.WithHeader("Vary", "accept-language").WithHeader("X-Language", request["Accept-Language"] ?? "none");
        await using var engine = EngineWith("Accept-Language");

        foreach (var language in (string?[])["de", "fr", null, "de", "fr", null])
        {
            var version = await FindAsync(engine, language);
            Assert.Equal(language ?? "none", version.Headers.EndToEnd.Single(field => field.Key == "X-Language").Value);
            await engine.ReadAsync(version, ByteRange.Whole(3 * MiB), Stop);
            await engine.WhenFilledAsync(Stop);
        }

        Assert.Equal(3, film.Requests.Count(request => request["If-Match"] is null)); // one for each variant, and the chunks once
        Assert.InRange(film.BytesSentAgain, 0, 2);
    }

    [Fact]
    public async Task Read_VariantsWithBytesOfTheirOwn_EachHasItsOwn()
    {
        AddFilmInTwoLanguages();
        await using var engine = EngineWith("Accept-Language");

        for (var i = 0; i < 2; i++)
        {
            await engine.ReadAsync(await FindAsync(engine, "de"), ByteRange.Whole(3 * MiB), Stop, seed: 1);
            await engine.ReadAsync(await FindAsync(engine, "fr"), ByteRange.Whole(3 * MiB), Stop, seed: 2);
        }
    }

    [Fact]
    public async Task Read_ClusterAndVariantsWithBytesOfTheirOwn_EachHasItsOwnAtEveryMember()
    {
        AddFilmInTwoLanguages();
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop, ("Origin:RequestFields", "Accept-Language"));

        foreach (var engine in (Engine[])[cluster[0], cluster[1], cluster.AddFrontEnd()])
        {
            await engine.ReadAsync(await FindAsync(engine, "fr"), ByteRange.Whole(3 * MiB), Stop, seed: 2);
            await engine.ReadAsync(await FindAsync(engine, "de"), ByteRange.Whole(3 * MiB), Stop, seed: 1);
        }
    }

    [Fact]
    public async Task Find_ClusterAndChangedFields_EveryMemberHasTheNewOnes()
    {
        var film = _origin.Add("/film", (Honest with { Headers = [] }).WithHeader("Cache-Control", "max-age=0").WithHeader("X-Word", "old"));
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop);
        Assert.Equal(["old", "old"], [await WordAt(0), await WordAt(1)]);

        film.Answer = (Honest with { Headers = [] }).WithHeader("Cache-Control", "max-age=0").WithHeader("X-Word", "new");

        Assert.Equal(["new", "new"], [await WordAt(0), await WordAt(1)]);

        async Task<string> WordAt(int member) => (await FindAsync(cluster[member], RequestFields.None)).Headers.EndToEnd.Single(field => field.Key == "X-Word").Value;
    }

    [Fact]
    public async Task Find_VaryNamesAFieldThatIsNotPassedOn_IsOneForAll()
    {
        var film = _origin.Add("/film", Honest.WithHeader("Vary", "Accept-Language, User-Agent"));
        await using var engine = EngineWith("Accept");

        await FindAsync(engine, new RequestFields([new("Accept", "video/mp4")]));
        await FindAsync(engine, new RequestFields([new("Accept", "video/webm")]));

        Assert.Equal("video/mp4", Assert.Single(film.Requests)["Accept"]);
    }

    [Fact]
    public async Task Find_StoreAnswersWithoutOriginHasNoVary_IsNotForRequestsWithOrigin()
    {
        var film = _origin.Add("/film", Honest);
        film.Script = request => request["Origin"] is { } site ? Honest.WithHeader("Access-Control-Allow-Origin", site).WithHeader("Vary", "Origin") : Honest;
        await using var engine = EngineWith("Origin");

        await FindAsync(engine, RequestFields.None);
        var found = await FindAsync(engine, new RequestFields([new("Origin", "https://site.test")]));

        Assert.Equal("https://site.test", found.Headers.EndToEnd.Single(field => field.Key == "Access-Control-Allow-Origin").Value);
    }

    [Fact]
    public async Task Find_MoreVariantsThanAllowed_ForgetsTheOldest()
    {
        var film = _origin.Add("/film", Honest.WithHeader("Vary", "Accept-Language"));
        await using var engine = EngineWith("Accept-Language", ("Origin:MaxVariants", "2"));

        foreach (var language in (string[])["a", "b", "c", "b", "c", "a"])
        {
            await FindAsync(engine, language);
        }

        Assert.Equal(["a", "b", "c", "a"], film.Requests.Select(request => request["Accept-Language"]));
    }

    [Fact]
    public async Task Find_TwoVariantsAtOneTime_EachGetsItsOwn()
    {
        var gate = new Gate();
        var film = _origin.Add("/film", Honest);
        film.Script = request => (Honest with { HoldAnswer = request.Number == 1 ? gate : null }).WithHeader("Vary", "Accept-Language").WithHeader("X-Language", request["Accept-Language"]!);
        await using var engine = EngineWith("Accept-Language");

        var german = FindAsync(engine, "de");
        await gate.WhenReachedAsync(Stop);
        var french = FindAsync(engine, "fr");
        gate.Open();

        Assert.Equal(["de", "fr"], (await Task.WhenAll(german, french)).Select(version => version.Headers.EndToEnd.Single(field => field.Key == "X-Language").Value));
    }

    [Theory]
    [InlineData("max-age=600", false)]
    [InlineData("max-age=600, public", true)]
    [InlineData("s-maxage=600", true)]
    [InlineData("private, public", false)]
    public async Task Find_RequestHasCredentials_IsSharedOnlyWhereTheOriginSaysSo(string cacheControl, bool isShared)
    {
        var film = _origin.Add("/film", (Honest with { Headers = [] }).WithHeader("Cache-Control", cacheControl));
        await using var engine = EngineWith("Authorization");

        var found = await engine.Reader.FindAsync(Film, new RequestFields([new("Authorization", "secret")]), 0, client: null, Stop);

        Assert.Equal(!isShared, found.IsPassThrough);
        Assert.Equal("secret", film.Requests[0]["Authorization"]);
    }

    [Fact]
    public async Task Read_OriginWantsCredentialsForEachRequest_ChunksAreFetchedWithThoseOfTheReader()
    {
        AddProtectedFilm();
        await using var engine = EngineWith("Authorization");
        var member = await FindWithAsync(engine, "secret");

        await engine.ReadAsync(member, new ByteRange(0, 3 * MiB), Stop);
        await engine.WhenFilledAsync(Stop);
        var stored = await engine.Reader.FindAsync(engine.At("/film"), null, Stop);
        await engine.ReadAsync(stored.Version!, new ByteRange(0, 3 * MiB), Stop); // what is cached is for all
        var refused = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(stored.Version!, new ByteRange(3 * MiB, 4 * MiB), Stop));

        Assert.Empty(stored.Version!.Id.Credentials.All);
        Assert.Equal(ProxyError.OriginRefused, refused.Error);
    }

    [Fact]
    public async Task Read_OriginWantsCredentialsForEachRequestThroughAFrontEnd_TheOwnersSendThoseOfTheReader()
    {
        AddProtectedFilm();
        await using var cluster = await TestCluster.StartAsync(_origin, 2, Stop, ("Origin:RequestFields", "Authorization"), ("PoolKey", "the key of the cluster"));
        var front = cluster.AddFrontEnd();
        var member = await FindWithAsync(front, "secret");

        await front.ReadAsync(member, new ByteRange(0, 4 * MiB), Stop);

        Assert.Equal(0, front.Metrics.ReadsFrom(ChunkSource.Origin));
        Assert.Empty(front.Breakers.Open);
    }

    private void AddProtectedFilm()
    {
        var film = new OriginAnswer { Size = 4 * MiB }.WithHeader("Cache-Control", "public, max-age=600");
        _origin.Add("/film", film).Script = request => request["Authorization"] == "secret" ? film : new OriginAnswer { Status = HttpStatusCode.Unauthorized };
    }

    private static async Task<ObjectVersion> FindWithAsync(Engine engine, string secret)
    {
        var fields = new RequestFields([new("Authorization", secret)]);
        var id = engine.At("/film");
        return (await engine.Reader.FindAsync(id, fields, 0, client: null, Stop)).For(id.Of(fields)).Version!;
    }

    private void AddFilmInTwoLanguages()
    {
        var film = _origin.Add("/film", Honest);
        film.Script = request => (Honest with { ETag = request["Accept-Language"] == "fr" ? "\"fr\"" : "\"de\"", Seed = request["Accept-Language"] == "fr" ? 2 : 1 })
            .WithHeader("Vary", "Accept-Language");
    }

    private Engine EngineWith(string requestFields, params (string Key, string Value)[] more) => new(_origin, time: null, [("Origin:RequestFields", requestFields), .. more]);

    private static Task<ObjectVersion> FindAsync(Engine engine, string? language) =>
        FindAsync(engine, language is null ? RequestFields.None : new RequestFields([new("Accept-Language", language)]));

    private static async Task<ObjectVersion> FindAsync(Engine engine, RequestFields fields)
    {
        var found = await engine.Reader.FindAsync(Film, fields, 0, client: null, Stop).AsTask().WaitAsync(Patience.Limit, Stop);
        Assert.Equal(ProxyError.None, found.Error);
        return found.Version!;
    }
}
