using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Responses;

public abstract class ResponseFieldsTests(bool lendMemory) : IAsyncLifetime
{
    private FrontEndHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FrontEndHost.StartAsync(options => options.LendMemory = lendMemory);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_OriginsFields_ComeThroughButForThoseOfOneMessage()
    {
        Add(
            new("Content-Disposition", "attachment; filename=\"f.mp4\""), new("Content-Language", "de"), new("X-One", "a"), new("X-One", "b"), new("Server", "origin/1"),
            new("Connection", "x"), new("Transfer-Encoding", "chunked"), new("Keep-Alive", "timeout=5"), new("Content-MD5", "Q=="), new("Date", "then"), new("Age", "9"));

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal("attachment; filename=\"f.mp4\"", answer["Content-Disposition"]);
        Assert.Equal("de", answer["Content-Language"]);
        Assert.Equal("a, b", answer["X-One"]);
        Assert.Equal("origin/1", answer["Server"]);
        Assert.Equal("0", answer["Age"]);
        Assert.All((string[])["Transfer-Encoding", "Keep-Alive"], name => Assert.Null(answer[name]));
        Assert.NotEqual("then", answer["Date"]);
        Assert.Equal("Q==", answer["Content-MD5"]);
        Assert.Null((await _host.SendAsync("GET", "/film", "Range: bytes=0-9"))["Content-MD5"]); // these are other bytes
        Assert.Equal("close", answer["Connection"]); // requested by the test
    }

    [Fact]
    public async Task Get_FieldWithOctetsBeyondAscii_ComesThroughOctetByOctet()
    {
        Add(new KeyValuePair<string, string>("Content-Disposition", "attachment; filename=\"\u00e9\u00c3\u00a9.mp4\""));

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal(200, answer.Status);
        Assert.Equal("attachment; filename=\"\u00e9\u00c3\u00a9.mp4\"", answer["Content-Disposition"]);
    }

    [Fact]
    public async Task Get_OriginBehindProxies_ViaAndCacheStatusAreAppendedTo()
    {
        Add(new("Via", "1.1 edge"), new("Cache-Status", "edge; hit"));

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal("1.1 edge, 1.1 chunkproxy", answer["Via"]);
        Assert.Equal("edge; hit, ChunkProxy; hit; detail=memory", answer["Cache-Status"]);
    }

    [Fact]
    public async Task Get_TimeGoesBy_AgeIsInWholeSeconds()
    {
        Add();
        _host.Time.Advance(TimeSpan.FromMilliseconds(61_999));

        Assert.Equal("61", (await _host.SendAsync("GET", "/film"))["Age"]);
        Assert.Equal("61", (await _host.SendAsync("GET", "/film", "If-None-Match: *"))["Age"]);
    }

    [Fact]
    public async Task Get_NotModified_HasTheFieldsThatACacheUpdatesAndNoneOfTheContent()
    {
        Add(
            new("Cache-Control", "max-age=5"), new("Expires", "then"), new("Vary", "Origin"), new("Content-Location", "/f"), new("Content-Language", "de"),
            new("Content-Disposition", "inline"), new("Access-Control-Allow-Origin", "*"));

        var answer = await _host.SendAsync("GET", "/film", "If-None-Match: \"v1\"");

        Assert.Equal(304, answer.Status);
        Assert.Equal(["max-age=5", "then", "Origin", "/f", "*", "\"v1\""],
            ((string[])["Cache-Control", "Expires", "Vary", "Content-Location", "Access-Control-Allow-Origin", "ETag"]).Select(name => answer[name]));
        Assert.All((string[])["Content-Type", "Content-Language", "Content-Disposition", "Content-Length"], name => Assert.Null(answer[name]));
    }

    [Fact]
    public async Task Get_DateAndLastModified_AreAsTheOriginSentThem()
    {
        _host.Reader.Add(new FakeObject("/film", 1000, 100, new OriginHeaders
        {
            ETag = "\"v1\"",
            LastModified = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            LastModifiedField = "Friday, 02-Jan-26 03:04:05 GMT",
            Date = "Sun, 01 Mar 2026 11:59:00 GMT",
            GeneratedAt = FrontEndHost.Start.AddSeconds(-60),
            FreshUntil = FrontEndHost.Start.AddHours(1),
        }));

        foreach (var answer in (RawResponse[])[await _host.SendAsync("GET", "/film"), await _host.SendAsync("GET", "/film", "If-None-Match: *")])
        {
            Assert.Equal(("Friday, 02-Jan-26 03:04:05 GMT", "Sun, 01 Mar 2026 11:59:00 GMT", "60"), (answer["Last-Modified"], answer["Date"], answer["Age"]));
        }
    }

    [Theory]
    [InlineData("Range: bytes=5000-", 416)]
    [InlineData("If-Match: \"v0\"", 412)]
    public async Task Get_RefusedByItsOwnFields_HasTheFieldsThatABrowserNeeds(string field, int status)
    {
        Add(
            new("Access-Control-Allow-Origin", "https://site.test"), new("Access-Control-Expose-Headers", "Content-Range"), new("Vary", "Origin"), new("Timing-Allow-Origin", "*"),
            new("Content-Language", "de"));

        var answer = await _host.SendAsync("GET", "/film", field);

        Assert.Equal(status, answer.Status);
        Assert.Equal(["https://site.test", "Content-Range", "Origin", "*", null],
            ((string[])["Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Vary", "Timing-Allow-Origin", "Content-Language"]).Select(name => answer[name]));
    }

    [Theory]
    [InlineData("only-if-cached", false, 504)]
    [InlineData("max-stale, only-if-cached;", false, 504)]
    [InlineData("only-if-cached", true, 200)]
    [InlineData("no-cache, no-store, max-age=0", false, 200)] // no client can force a request to the origin
    public async Task Get_ClientsCacheControl_OnlyIfCachedIsObeyed(string cacheControl, bool isKnown, int status)
    {
        Add();
        _host.Reader.KnowsAll = isKnown;

        Assert.Equal(status, (await _host.SendAsync("GET", "/film", $"Cache-Control: {cacheControl}")).Status);
        Assert.Equal(status == 504 ? 0 : 1, _host.Reader.Finds.Count);
    }

    [Fact]
    public async Task Get_FieldsThatAreListed_ArePassedOnAndNoOthers()
    {
        await using var host = await FrontEndHost.StartAsync(replace: services => services.Configure<OriginOptions>(options => options.RequestFields = "Origin, Accept-Language"));
        host.Reader.Add(new FakeObject("/film", 1000, 100, FakeObject.Headers("\"v1\"")));

        await host.SendAsync("GET", "/film", "accept-language:  de ", "Accept-Language: fr", "Cookie: a=b", "Authorization: secret", "Origin: https://site.test");
        await host.SendAsync("GET", "/film", "Accept-Language: " + new string('x', 9000), "Origin: https://site.test");

        Assert.Equal(
            [["Origin: https://site.test", "Accept-Language: de, fr"], ["Origin: https://site.test"]],
            host.Reader.PassedOn.Select(fields => fields.All.Select(field => $"{field.Key}: {field.Value}")));
    }

    [Theory]
    [InlineData(ChunkSource.Memory, false, false, false, "ChunkProxy; hit; detail=memory")]
    [InlineData(ChunkSource.NearCopy, false, false, false, "ChunkProxy; hit; detail=near-copy")]
    [InlineData(ChunkSource.SuperHot, false, false, false, "ChunkProxy; hit; detail=super-hot")]
    [InlineData(ChunkSource.Disk, false, false, false, "ChunkProxy; hit; detail=disk")]
    [InlineData(ChunkSource.Peer, false, false, false, "ChunkProxy; hit; detail=peer")]
    [InlineData(ChunkSource.FormerOwner, false, false, false, "ChunkProxy; hit; detail=former-owner")]
    [InlineData(ChunkSource.PeerOrigin, false, false, false, "ChunkProxy; fwd=partial; stored; detail=peer/origin")]
    [InlineData(ChunkSource.Origin, false, false, false, "ChunkProxy; fwd=partial; stored; detail=origin")]
    [InlineData(ChunkSource.Origin, false, false, true, "ChunkProxy; fwd=partial; stored; collapsed; detail=origin")]
    [InlineData(ChunkSource.Origin, true, false, false, "ChunkProxy; fwd=uri-miss; stored; detail=origin")]
    [InlineData(ChunkSource.Origin, true, false, true, "ChunkProxy; fwd=uri-miss; stored; collapsed; detail=origin")]
    [InlineData(ChunkSource.Memory, true, false, false, "ChunkProxy; fwd=uri-miss; stored; detail=origin")] // small: filled already
    [InlineData(ChunkSource.Disk, true, true, false, "ChunkProxy; fwd=stale; detail=disk")]
    [InlineData(ChunkSource.Origin, true, true, false, "ChunkProxy; fwd=stale; stored; detail=origin")]
    public async Task Get_FirstChunkFromAnywhere_CacheStatusNamesIt(
        ChunkSource source, bool askedOrigin, bool revalidated, bool collapsed, string expected)
    {
        _host.Reader.Add(new FakeObject("/film", 1000, 100, FakeObject.Headers("\"v1\""))
        {
            AskedOrigin = askedOrigin,
            Revalidated = revalidated,
            DefaultScript = new ChunkScript { Source = source, Collapsed = collapsed },
        });

        Assert.Equal(expected, (await _host.SendAsync("GET", "/film"))["Cache-Status"]);
    }

    [Theory]
    [InlineData("GET", "", 0L)]
    [InlineData("GET", "Range: bytes=500-", 500L)]
    [InlineData("GET", "Range: bytes=-5", null)]
    [InlineData("GET", "If-None-Match: \"v0\"", null)]
    [InlineData("GET", "If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT", null)]
    [InlineData("HEAD", "", null)]
    public async Task Find_Request_TellsWhereTheClientWillBeginToRead(string method, string field, long? firstByte)
    {
        Add();

        await _host.SendAsync(method, "/film", field == "" ? [] : [field]);

        Assert.Equal(firstByte, Assert.Single(_host.Reader.Finds).FirstByte);
    }

    private void Add(params KeyValuePair<string, string>[] fields) =>
        _host.Reader.Add(new FakeObject("/film", 1000, 100, FakeObject.Headers("\"v1\"", fields)));
}
