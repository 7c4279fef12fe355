using ChunkProxy.Testing.Http;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>Response fields: the origin's fields are passed on, hop-by-hop fields are not, and the proxy adds its own.</summary>
public sealed class FieldTests(SharedNodes nodes) : IClassFixture<SharedNodes>, IAsyncLifetime
{
    private readonly string _path = SharedNodes.FreshPath();
    private OneNode _one = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _one = await nodes.GetAsync("-size-c 64KiB", Now);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("Content-Disposition", "attachment; filename=\"a b.mp4\"")]
    [InlineData("Content-Language", "de-CH")]
    [InlineData("Cache-Control", "public, max-age=31536000, immutable")]
    [InlineData("Access-Control-Allow-Origin", "*")]
    [InlineData("X-Anything", "at all")]
    public async Task Get_FieldOfTheOrigin_ComesThroughColdAndWarm(string name, string value)
    {
        _one.Origin.Add(_path, new OriginAnswer { Size = 200_000 }.WithHeader(name, value));

        Assert.Equal(value, (await GetAsync())[name]);
        Assert.Equal(value, (await GetAsync())[name]);
        Assert.Equal(value, (await GetAsync("Range: bytes=70000-70010"))[name]);
    }

    [Theory]
    [InlineData("a\tb", true)]
    [InlineData("", true)]
    [InlineData("caf\u00e9", true)]
    [InlineData("\u00d1\u0084\u00d0\u00b8\u00e2\u0080\u0094", true)] // UTF-8, octet by octet
    [InlineData("a\u007fb", false)]
    [InlineData("a\u000bb", false)]
    [InlineData("a\u001b[0mb", false)]
    public async Task Get_OddValue_ComesThroughOrIsDroppedAndTheObjectIsServed(string value, bool isSendable)
    {
        var film = _one.Origin.Add(_path, new OriginAnswer { Size = 200_000 }.WithHeader("x-amz-meta-title", value).WithHeader("Cache-Control", "max-age=600"));

        foreach (var answer in (RawAnswer[])[await GetAsync(), await GetAsync(), await GetAsync("If-None-Match: *")])
        {
            Assert.Contains(answer.Status, (int[])[200, 304]);
            Assert.Equal(isSendable ? value : null, answer["x-amz-meta-title"]);
        }

        Assert.InRange(film.BodyBytesSent, 0, 200_000);
    }

    [Theory]
    [InlineData("caf\u00e9")]
    [InlineData("\u00d1\u0084\u00d0\u00b8")] // UTF-8, octet by octet
    [InlineData("\u00ff\u0080")] // neither
    public async Task Get_OddValueInTheRequest_ReachesTheOriginOctetByOctet(string value)
    {
        var film = _one.Origin.Add(_path, new OriginAnswer { Size = 200_000 }.WithHeader("Cache-Control", "max-age=0"));

        foreach (var _ in Enumerable.Range(0, 2)) // a search, and a revalidation
        {
            Assert.Equal(200, (await GetAsync($"CDN-Loop: {value}")).Status);
        }

        Assert.All(film.Requests.Where(request => request["If-Match"] is null), request => Assert.Contains(value, request["CDN-Loop"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_ControlCharacterInTheRequest_IsNotPassedOn()
    {
        var film = _one.Origin.Add(_path, 200_000);

        await GetAsync("CDN-Loop: a\u001bb");

        Assert.All(film.Requests, request => Assert.DoesNotContain('\u001b', request["CDN-Loop"]!));
    }

    [Fact]
    public async Task Get_TagBeyondAscii_ChunksAreFetchedAndTheVersionIsRevalidated()
    {
        const string Tag = "\"caf\u00e9\"";
        var film = _one.Origin.Add(_path, new OriginAnswer { Size = 200_000, ETag = Tag }.WithHeader("Cache-Control", "max-age=0"));

        var whole = await GetAsync();
        var known = await GetAsync($"If-None-Match: {Tag}");

        Assert.Equal((200, 200_000, 304), (whole.Status, whole.Body.Length, known.Status));
        Assert.Equal(ChunkProxy.Testing.Data.TestData.Bytes(1, 0, 200_000), whole.Body);
        Assert.Contains(film.Requests, request => request["If-Match"] == Tag);
        Assert.Contains(film.Requests, request => request["If-None-Match"] == Tag);
    }

    [Fact]
    public async Task Get_RememberedAbsence_HasItsAgeAndDate()
    {
        var missing = _one.Origin.Add(_path, new OriginAnswer { Status = System.Net.HttpStatusCode.NotFound }.WithHeader("Cache-Control", "max-age=600"));

        await GetAsync();
        var remembered = await GetAsync();

        Assert.Equal(404, remembered.Status);
        Assert.Single(missing.Requests);
        Assert.InRange(int.Parse(remembered["Age"]!, System.Globalization.CultureInfo.InvariantCulture), 0, 60);
        Assert.NotNull(remembered["Date"]);
    }

    [Fact]
    public async Task Get_PageOfAnotherSite_GetsTheCorsFieldsThatTheStoreSendsOnlyToRequestsWithOrigin()
    {
        var honest = new OriginAnswer { Size = 200_000 }.WithHeader("Cache-Control", "max-age=600");
        var film = _one.Origin.Add(_path, honest);
        film.Script = request => request["Origin"] is null ? honest : honest.WithHeader("Access-Control-Allow-Origin", "*").WithHeader("Vary", "Origin, Access-Control-Request-Method");

        Assert.Null((await GetAsync())["Access-Control-Allow-Origin"]);
        Assert.Equal("*", (await GetAsync("Origin: https://site.test"))["Access-Control-Allow-Origin"]);
        Assert.Equal("*", (await GetAsync("Origin: https://site.test", "Range: bytes=100000-"))["Access-Control-Allow-Origin"]);
        Assert.Equal("*", (await GetAsync("Origin: https://site.test", "Range: bytes=300000-"))["Access-Control-Allow-Origin"]); // 416
        Assert.Null((await GetAsync())["Access-Control-Allow-Origin"]);
        Assert.InRange(film.BodyBytesSent, 200_000, 200_001);
    }

    [Theory]
    [InlineData("Keep-Alive", "timeout=5")]
    [InlineData("Proxy-Authenticate", "Basic")]
    [InlineData("Upgrade", "h2c")]
    public async Task Get_FieldForOneHop_StaysThere(string name, string value)
    {
        _one.Origin.Add(_path, new OriginAnswer { Size = 200_000 }.WithHeader(name, value));

        Assert.Null((await GetAsync())[name]);
    }

    [Fact]
    public async Task Get_FieldNamedByConnection_StaysThere()
    {
        _one.Origin.Add(_path, new OriginAnswer { Size = 200_000 }.WithHeader("Connection", "X-Hop").WithHeader("X-Hop", "1"));

        Assert.Null((await GetAsync())["X-Hop"]);
    }

    [Fact]
    public async Task Get_ColdThenWarm_CacheStatusTellsThemApart()
    {
        var film = _one.Origin.Add(_path, 200_000);

        var cold = await GetAsync();
        await film.WhenIdleAsync(Now);
        await _one.Node.WhenFilledAsync(Now);
        var warm = await GetAsync();

        Assert.Contains("fwd=uri-miss", cold["Cache-Status"], StringComparison.Ordinal);
        Assert.DoesNotContain("hit", cold["Cache-Status"], StringComparison.Ordinal);
        Assert.Contains("; hit", warm["Cache-Status"], StringComparison.Ordinal);
        Assert.DoesNotContain("fwd", warm["Cache-Status"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AgeOfTheOriginsOwnCache_IsCountedOn()
    {
        _one.Origin.Add(_path, new OriginAnswer { Size = 200_000 }.WithHeader("Age", "100").WithHeader("Cache-Control", "max-age=1000"));

        Assert.InRange(int.Parse((await GetAsync())["Age"]!, System.Globalization.CultureInfo.InvariantCulture), 100, 160);
    }

    [Fact]
    public async Task Get_Via_NamesTheProxyOnBothSides()
    {
        var film = _one.Origin.Add(_path, 200_000);

        Assert.Contains("1.1 ", (await GetAsync())["Via"], StringComparison.Ordinal);
        Assert.Contains("1.1 ", film.Requests[0]["Via"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cookie", "session=1")]
    [InlineData("Authorization", "Basic dTpw")]
    [InlineData("X-Forwarded-For", "1.2.3.4")]
    public async Task Get_FieldOfOneClient_DoesNotReachTheSharedFill(string name, string value)
    {
        var film = _one.Origin.Add(_path, 200_000);

        await GetAsync($"{name}: {value}");

        Assert.All(film.Requests, request => Assert.Null(request[name]));
    }

    private Task<RawAnswer> GetAsync(params string[] headers) => RawHttp.SendAsync(_one.Node.Address.Port, $"GET {_path} HTTP/1.1", headers, Now);
}
