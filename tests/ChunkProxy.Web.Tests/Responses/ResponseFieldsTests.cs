using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Web.Tests.Fakes;

namespace ChunkProxy.Web.Tests.Responses;

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
        Assert.All((string[])["Transfer-Encoding", "Keep-Alive", "Content-MD5"], name => Assert.Null(answer[name]));
        Assert.NotEqual("then", answer["Date"]);
        Assert.Equal("close", answer["Connection"]); // the test's own
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

    [Theory]
    [InlineData(ChunkSource.Memory, false, false, false, "ChunkProxy; hit; detail=memory")]
    [InlineData(ChunkSource.NearCopy, false, false, false, "ChunkProxy; hit; detail=near-copy")]
    [InlineData(ChunkSource.SuperHot, false, false, false, "ChunkProxy; hit; detail=super-hot")]
    [InlineData(ChunkSource.Disk, false, false, false, "ChunkProxy; hit; detail=disk")]
    [InlineData(ChunkSource.Peer, false, false, false, "ChunkProxy; hit; detail=peer")]
    [InlineData(ChunkSource.PreviousOwner, false, false, false, "ChunkProxy; hit; detail=previous-owner")]
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
