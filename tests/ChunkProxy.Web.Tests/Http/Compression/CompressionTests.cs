using System.IO.Compression;
using System.Text;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Settings;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Compression;

/// <summary>Compressed playlists and captions, on the wire.</summary>
public sealed class CompressionTests : IAsyncLifetime
{
    private const string Playlist = "application/vnd.apple.mpegurl";
    private const string Gzip = "Accept-Encoding: gzip";
    private const string Brotli = "Accept-Encoding: gzip, deflate, br";

    private FrontEndHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await FrontEndHost.StartAsync(replace: services => services.Configure<CompressionOptions>(options => options.Enabled = true));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(Gzip, "gzip")]
    [InlineData(Brotli, "br")]
    [InlineData("Accept-Encoding: br;q=0.5, gzip;q=0.8", "gzip")]
    [InlineData("Accept-Encoding: *", "br")]
    [InlineData("Accept-Encoding: *;q=0.1, br;q=0", "gzip")]
    [InlineData("Accept-Encoding: br;q=x, gzip;q=0", null)]
    [InlineData("Accept-Encoding: identity", null)]
    [InlineData("Accept-Encoding: deflate, zstd", null)]
    [InlineData("Accept: x", null)]
    public async Task Get_Playlist_IsSentInTheCodingThatTheClientAccepts(string field, string? coding)
    {
        var playlist = Add("/film.m3u8", Playlist, new("Content-MD5", "x"), new("Repr-Digest", "x"), new("Vary", "Origin"));

        for (var time = 0; time < 2; time++)
        {
            var answer = await _host.SendAsync("GET", "/film.m3u8", field);

            Assert.Equal((200, true), (answer.Status, answer.IsWhole));
            Assert.Equal(playlist.Content, Decode(answer.Body, coding));
            Assert.Equal((coding, coding is null ? "\"v1\"" : "W/\"v1\""), (answer["Content-Encoding"], answer["ETag"]));
            Assert.Equal("Origin, Accept-Encoding", answer["Vary"]);
            Assert.Equal(Playlist, answer["Content-Type"]);
            Assert.Equal(coding is null ? ("bytes", "x", "x") : (null, null, null), (answer["Accept-Ranges"], answer["Content-MD5"], answer["Repr-Digest"]));
            Assert.Equal(coding is not null, answer.Body.Length < playlist.Content.Length / 2);
        }

        await _host.Reader.AllLeasesReturnedAsync();
    }

    [Fact]
    public async Task Get_AfterAPurge_IsCompressedAgain()
    {
        Add("/film.m3u8", Playlist);
        await _host.SendAsync("GET", "/film.m3u8", Gzip);
        var lent = _host.Reader.Lent;

        Assert.Single(_host.Services.GetServices<IDerivedContent>()).Clear(); // as every purge does
        await _host.SendAsync("GET", "/film.m3u8", Gzip);

        Assert.True(_host.Reader.Lent > lent);
    }

    [Theory]
    [InlineData("\"v1\"", 206)]
    [InlineData("LAST-MODIFIED", 200)] // that of the compressed content, too
    public async Task Get_RestOfContentWithCodings_IsSentForATagOnly(string validator, int status)
    {
        Add("/film.m3u8", Playlist);
        var whole = await _host.SendAsync("GET", "/film.m3u8", Gzip);

        var rest = await _host.SendAsync("GET", "/film.m3u8", "Range: bytes=5-", $"If-Range: {(validator == "LAST-MODIFIED" ? whole["Last-Modified"] : validator)}");

        Assert.NotNull(whole["Last-Modified"]);
        Assert.Equal(status, rest.Status);
    }

    [Fact]
    public async Task Get_SecondTime_IsNotCompressedAgain()
    {
        Add("/film.m3u8", Playlist);
        var first = await _host.SendAsync("GET", "/film.m3u8", Gzip);
        var lent = _host.Reader.Lent;

        var second = await _host.SendAsync("GET", "/film.m3u8", Gzip);

        Assert.Equal(first.Body, second.Body);
        Assert.Equal(lent, _host.Reader.Lent);
        Assert.Equal("ChunkProxy; hit; detail=memory", second["Cache-Status"]);
        await _host.FiguresAsync(figures => figures.SentBytes == first.Body.Length * 2);
    }

    [Theory]
    [InlineData("video/mp4")]
    [InlineData("text/html")]
    [InlineData("application/octet-stream")]
    public async Task Get_OtherTypes_AreSentAsTheyAre(string type)
    {
        var film = Add("/film.m3u8", type);

        var answer = await _host.SendAsync("GET", "/film.m3u8", Gzip);

        Assert.Equal((null, null, "\"v1\""), (answer["Content-Encoding"], answer["Vary"], answer["ETag"]));
        Assert.Equal(film.Content, answer.Body);
    }

    [Theory]
    [InlineData("Content-Encoding", "zstd")]
    [InlineData("Cache-Control", "max-age=5, no-transform")]
    public async Task Get_OriginForbids_IsSentAsItIs(string name, string value)
    {
        var film = Add("/film.m3u8", Playlist, new KeyValuePair<string, string>(name, value));

        var answer = await _host.SendAsync("GET", "/film.m3u8", Gzip);

        Assert.Equal(film.Content, answer.Body);
        Assert.Null(answer["Vary"]);
    }

    [Theory]
    [InlineData("Range: bytes=0-99", 206)]
    [InlineData("Range: bytes=0-9,20-29", 206)]
    [InlineData("Range: bytes=0-", 206)]
    [InlineData("Range: bytes=90000000-", 416)]
    public async Task Get_Range_IsOfTheBytesAsTheyAre(string range, int status)
    {
        var film = Add("/film.m3u8", Playlist);

        var answer = await _host.SendAsync("GET", "/film.m3u8", Gzip, range);

        Assert.Equal((status, null), (answer.Status, answer["Content-Encoding"]));
        if (range.EndsWith("99", StringComparison.Ordinal))
        {
            Assert.Equal(film.Content[..100], answer.Body);
            Assert.Equal(("\"v1\"", "Accept-Encoding"), (answer["ETag"], answer["Vary"]));
        }
    }

    [Theory]
    [InlineData(Gzip, "If-None-Match: W/\"v1\"", 304, "W/\"v1\"")]
    [InlineData(Gzip, "If-None-Match: \"v1\"", 304, "W/\"v1\"")]
    [InlineData("Accept: x", "If-None-Match: \"v1\"", 304, "\"v1\"")]
    [InlineData(Gzip, "If-Match: W/\"v1\"", 412, null)]
    public async Task Get_TagOfTheCompressedContent_AnswersIfNoneMatchOnly(string field, string condition, int status, string? tag)
    {
        Add("/film.m3u8", Playlist);

        var answer = await _host.SendAsync("GET", "/film.m3u8", field, condition);

        Assert.Equal((status, tag), (answer.Status, answer["ETag"]));
        Assert.Equal(status == 304 ? "Accept-Encoding" : null, answer["Vary"]);
    }

    [Fact]
    public async Task Get_RangeOfCompressedContent_IsNotJoinedWithOtherBytes()
    {
        var film = Add("/film.m3u8", Playlist);

        var answer = await _host.SendAsync("GET", "/film.m3u8", "Range: bytes=100-", "If-Range: W/\"v1\"");

        Assert.Equal(200, answer.Status);
        Assert.Equal(film.Content, answer.Body);
    }

    [Fact]
    public async Task Head_Playlist_HasTheFieldsOfAGet()
    {
        Add("/film.m3u8", Playlist);
        var before = await _host.SendAsync("HEAD", "/film.m3u8", Gzip);
        var get = await _host.SendAsync("GET", "/film.m3u8", Gzip);
        var after = await _host.SendAsync("HEAD", "/film.m3u8", Gzip);

        Assert.Equal(("gzip", "W/\"v1\"", null), (before["Content-Encoding"], before["ETag"], before["Content-Length"]));
        Assert.Equal(("gzip", "W/\"v1\"", get["Content-Length"]), (after["Content-Encoding"], after["ETag"], after["Content-Length"]));
    }

    [Fact]
    public async Task Get_WhileAnotherClientIsCompressing_BytesAreSentAsTheyAre()
    {
        var gate = new TaskCompletionSource();
        var film = Add("/film.m3u8", Playlist);
        film.Scripts[0] = new ChunkScript { OpenGate = gate.Task };
        var first = _host.SendAsync("GET", "/film.m3u8", Gzip);
        await _host.Reader.UntilAsync(() => !_host.Reader.Opens.IsEmpty, "the first client opens the chunk");

        var second = _host.SendAsync("GET", "/film.m3u8", Gzip);
        await _host.Reader.UntilAsync(() => _host.Reader.Opens.Count == 2, "the second client opens the chunk");
        gate.SetResult();

        Assert.Equal("gzip", (await first)["Content-Encoding"]);
        Assert.Equal(film.Content, (await second).Body);
        Assert.Equal((null, "Accept-Encoding"), ((await second)["Content-Encoding"], (await second)["Vary"]));
    }

    [Fact]
    public async Task Get_ChangedBeforeItIsSent_NewVersionIsCompressed()
    {
        var old = Add("/film.m3u8", Playlist);
        old.Scripts[0] = new ChunkScript { OpenError = ProxyError.VersionChanged };
        FakeObject? changed = null;
        _host.Reader.OnForget = _ => changed = Add("/film.m3u8", Playlist, new KeyValuePair<string, string>("X-New", "1"));

        var answer = await _host.SendAsync("GET", "/film.m3u8", Gzip);

        Assert.Equal(("1", "gzip"), (answer["X-New"], answer["Content-Encoding"]));
        Assert.Equal(changed!.Content, Decode(answer.Body, "gzip"));
    }

    [Fact]
    public async Task Get_NotEnabled_NothingIsCompressed()
    {
        await using var host = await FrontEndHost.StartAsync();
        var film = host.Reader.Add(FakeObject.Text("/film.m3u8", Playlist));

        var answer = await host.SendAsync("GET", "/film.m3u8", Gzip);

        Assert.Equal(film.Content, answer.Body);
        Assert.Equal((null, null), (answer["Content-Encoding"], answer["Vary"]));
    }

    private static byte[] Decode(byte[] body, string? coding)
    {
        using var source = new MemoryStream(body);
        using Stream decoding = coding switch
        {
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "br" => new BrotliStream(source, CompressionMode.Decompress),
            _ => source,
        };
        using var decoded = new MemoryStream();
        decoding.CopyTo(decoded);
        return decoded.ToArray();
    }

    private FakeObject Add(string path, string type, params KeyValuePair<string, string>[] more) => _host.Reader.Add(FakeObject.Text(path, type, more));
}
