namespace ChunkProxy.FunctionalTests.Commands;

/// <summary><c>chunkproxy warm</c> with playlists that ffmpeg made. Afterwards a player finds every file in the cache.</summary>
public sealed class PlaylistTests(PlaylistServers servers) : IClassFixture<PlaylistServers>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("fmp4", "film.m3u8", 2)] // one file for all segments
    [InlineData("fmp4-files", "film.m3u8", 6)]
    [InlineData("number", "film.mpd", 11)]
    [InlineData("timeline", "film.mpd", 6)]
    [InlineData("list", "film.mpd", 11)]
    [InlineData("single", "film.mpd", 3)]
    public async Task Warm_Playlist_EveryFileIsAHitAndItsBytesAreTheOrigins(string folder, string playlist, int files)
    {
        var lines = await servers.WarmAsync(0, $"/{folder}/{playlist}");

        Assert.Equal(files, servers.FilesOf(folder).Count);
        Assert.StartsWith($"{files} of {files} objects done, ", lines[^1], StringComparison.Ordinal);
        await VerifyHitsAsync(servers.FilesOf(folder));
    }

    [Fact]
    public async Task Warm_EncryptedRenditions_AreFetchedAsChosen()
    {
        var small = await servers.WarmAsync(0, "-renditions", "90p", new Uri(servers.Node.Address, "ts/master.m3u8").ToString());
        var fetched = await FetchedAsync("/ts/0/");
        var rest = await servers.WarmAsync(0, "/ts/master.m3u8");

        Assert.StartsWith("7 of 7 objects done, ", small[^1], StringComparison.Ordinal); // two playlists, a key, four segments
        Assert.Equal(0, fetched);
        Assert.StartsWith("12 of 12 objects done, ", rest[^1], StringComparison.Ordinal);
        await VerifyHitsAsync([.. servers.FilesOf("ts"), "ts.key"]);
    }

    [Fact]
    public async Task Warm_MissingSegment_FailsAndNamesIt()
    {
        await File.WriteAllTextAsync(Path.Combine(servers.Nginx.Root, "broken.m3u8"), "#EXTM3U\n#EXTINF:2,\nmissing.ts\n#EXT-X-ENDLIST\n", Now);

        var lines = await servers.WarmAsync(1, "/broken.m3u8");

        Assert.Contains("chunkproxy: /missing.ts: failed: the origin has no such object", lines);
        Assert.Equal("chunkproxy: 1 of 2 objects failed", lines[^1]);
    }

    private async Task VerifyHitsAsync(IReadOnlyList<string> files)
    {
        await servers.Node.WhenFilledAsync(Now);
        var requests = (await servers.Nginx.RequestsAsync(Now)).Count;
        foreach (var file in files)
        {
            using var answer = await servers.Node.GetAsync(file, Now);
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(servers.Nginx.Root, file), Now), await answer.Content.ReadAsByteArrayAsync(Now));
            Assert.Contains("; hit", Assert.Single(answer.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
        }

        Assert.Equal(requests, (await servers.Nginx.RequestsAsync(Now)).Count);
    }

    private async Task<int> FetchedAsync(string prefix) =>
        (await servers.Nginx.RequestsAsync(Now)).Count(request => request.Path.StartsWith(prefix, StringComparison.Ordinal));
}
