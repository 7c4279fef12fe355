namespace ChunkProxy.Web.Tests.Cli.Commands;

/// <summary><c>chunkproxy warm</c> with playlists, against a scripted node.</summary>
public sealed class PlaylistFollowTests : IAsyncLifetime
{
    private WarmNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await WarmNode.StartAsync();
        _node.Playlists["/films/master.m3u8"] =
            "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,RESOLUTION=640x360\n360.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2,RESOLUTION=1280x720\n720.m3u8?q=1\n";
        _node.Playlists["/films/360.m3u8"] = "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI=\"key\"\n360-1.ts\n360-2.ts\n#EXT-X-ENDLIST\n";
        _node.Playlists["/films/720.m3u8?q=1"] = "#EXTM3U\n#EXT-X-BYTERANGE:10@5\n720.ts\n/shared.ts\n#EXT-X-ENDLIST\n";
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Warm_Multivariant_WarmsAllThatItNames()
    {
        var run = await RunAsync("/films/master.m3u8");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["/films/360-1.ts", "/films/360-2.ts", "/films/720.ts bytes=5-14", "/films/key", "/shared.ts"], _node.Started.Order(StringComparer.Ordinal));
        Assert.StartsWith("/films/master.m3u8: names 2 playlists\n/films/360.m3u8: names 3 objects\n", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n8 of 8 objects done, 5\.\d+ KiB\n$", run.Output);
    }

    [Fact]
    public async Task Warm_ChosenRendition_WarmsItAlone()
    {
        var run = await RunAsync("-renditions", "720p", "/films/master.m3u8");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["/films/720.ts bytes=5-14", "/shared.ts"], _node.Started.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Warm_NotFollowed_WarmsThePlaylistItself()
    {
        var run = await RunAsync("-follow=false", "/films/master.m3u8");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(["/films/master.m3u8"], _node.Started);
    }

    [Fact]
    public async Task Warm_Manifest_WarmsItsSegments()
    {
        _node.Playlists["/dash/film.mpd"] =
            """<MPD mediaPresentationDuration="PT8S"><Period><AdaptationSet><SegmentTemplate duration="4" media="$RepresentationID$/$Number$.m4s"/><Representation id="a"/></AdaptationSet></Period></MPD>""";

        var run = await RunAsync("/other.mp4", "/dash/film.mpd", "/dash/film.mpd");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["/dash/a/1.m4s", "/dash/a/2.m4s", "/other.mp4"], _node.Started.Order(StringComparer.Ordinal));
        Assert.Matches(@"\n4 of 4 objects done, ", run.Output);
    }

    [Theory]
    [InlineData("/a.m3u8", "http://cdn.example/1.ts\n//cdn.example/2.ts\n3.ts", "/3.ts", "cdn.example: 2")]
    [InlineData("http://cdn.example/a.m3u8", "http://cdn.example/1.ts\nhttps://cdn.example/2.ts\nhttp://cdn.example:81/3.ts\nhttp://other.example/4.ts", "http://cdn.example/1.ts https://cdn.example/2.ts", "cdn.example:81: 1, other.example: 1")]
    public async Task Warm_OtherHosts_AreSkippedAndNamed(string playlist, string segments, string started, string hosts)
    {
        _node.Playlists[playlist] = $"#EXTM3U\n{segments}\n#EXT-X-ENDLIST\n";

        var run = await RunAsync(playlist);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(started.Split(' '), _node.Started.Order(StringComparer.Ordinal));
        Assert.Equal($"chunkproxy: 2 addresses of other hosts in playlists skipped ({hosts}); if they are of this node, give the URL of the playlist that clients use", run.Error);
    }

    [Fact]
    public async Task Warm_PlaylistOfAnOrigin_ItsSegmentsAreOfThatOrigin()
    {
        _node.Playlists["media:/films/a.m3u8"] = "#EXTM3U\n1.ts\n/other/2.ts\n#EXT-X-ENDLIST\n";

        var run = await RunAsync("media:/films/a.m3u8");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(["media:/films/1.ts", "media:/other/2.ts"], _node.Started.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Warm_KeyThatCannotBeCached_IsNoFailure()
    {
        _node.Failing["/films/key"] = "not cacheable: no-store";

        var run = await RunAsync("-renditions", "360p", "/films/master.m3u8");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.EndsWith("; 1 key not cacheable\n", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/films/none.m3u8", "chunkproxy: /films/none.m3u8: the origin has no such object")]
    [InlineData("/films/page.m3u8", "chunkproxy: /films/page.m3u8: it is not an HLS playlist: it does not begin with #EXTM3U")]
    [InlineData("/films/live.mpd", "chunkproxy: /films/live.mpd: it is live (type=\"dynamic\"): only a static manifest names all of its segments")]
    [InlineData("/films/circle.m3u8", "chunkproxy: /films/circle2.m3u8: it is a multivariant playlist, and another one names it")]
    public async Task Warm_PlaylistThatCannotBeFollowed_FailsAndWarmsTheOthers(string playlist, string error)
    {
        _node.Playlists["/films/page.m3u8"] = "<html>";
        _node.Playlists["/films/live.mpd"] = "<MPD type=\"dynamic\"/>";
        _node.Playlists["/films/circle.m3u8"] = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncircle.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=1\ncircle2.m3u8\n";
        _node.Playlists["/films/circle2.m3u8"] = _node.Playlists["/films/circle.m3u8"];

        var run = await RunAsync(playlist, "/films/720.m3u8?q=1");

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(error, run.Errors.Split('\n')[0]);
        Assert.Equal(["/films/720.ts bytes=5-14", "/shared.ts"], _node.Started.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("-detach does not follow playlists: add -follow=false", "-detach", "/a.m3u8")]
    [InlineData("-renditions: 'hd' is not a list such as 720p,1080p or 3M", "-renditions", "hd", "/a.m3u8")]
    public async Task Warm_WrongUsage_SaysSo(string line, params string[] args)
    {
        var run = await RunAsync(args);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("chunkproxy: " + line, run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> RunAsync(params string[] args) => CommandRun.OfAsync(["warm", "-node", _node.Url, .. args]);
}
