using System.Net;

namespace ChunkProxy.FunctionalTests.Players;

/// <summary>Low-latency HLS: playlist reloads that the origin holds back until there is news, and parts that are requested before they exist.</summary>
[Collection(PlayerCollection.Name)]
public sealed class LowLatencyTests(PlayerStage stage)
{
    private const int AtStart = (4 * LowLatencyStream.PartsPerSegment) + 2; // parts

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private byte[] Film => File.ReadAllBytes(Path.Combine(stage.Root, Films.Fragments));

    [Theory]
    [InlineData("hls", "hls.js/dist/hls.min.js", true)]
    [InlineData("hls", "hls.js/dist/hls.min.js", false)]
    [InlineData("shaka", "shaka-player/dist/shaka-player.compiled.js", true)]
    public async Task BlockingReload_TwoViewers_PlayAtTheLiveEdgeAndShareEachReload(string player, string library, bool statesLength)
    {
        var stream = new LowLatencyStream(stage.Origin, $"low-{player}-{statesLength}", Film, statesLength);
        stream.Release(AtStart);
        await using var first = await stage.OpenAsync(player, library);
        await using var second = await stage.OpenAsync(player, library);

        var options = new { lowLatencyMode = true };
        const double Edge = AtStart * LowLatencyStream.PartSeconds;
        var started = Task.WhenAll(first.StartAsync(stream.Playlist, options), second.StartAsync(stream.Playlist, options));
        var played = Task.WhenAll(first.PlayingAsync(Edge + 1), second.PlayingAsync(Edge + 1)); // asked for now: at the end of the stream there is no next picture
        for (var i = 0; i < 8; i++)
        {
            await stream.WhenBlockedAsync(Now);
            stream.Release();
        }

        foreach (var picture in await started)
        {
            picture.IsOfFilm(Edge - 3, Edge + 3);
        }

        foreach (var picture in await played)
        {
            picture.IsOfFilm(Edge + 1, Edge + 4);
        }

        foreach (var page in (PlayerPage[])[first, second])
        {
            Assert.Equal("h2", await page.ProtocolsAsync());
        }

        Assert.Equal(stream.Blocked.Distinct(), stream.Blocked); // one request to the origin for each of them, for both viewers
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BlockingReload_ManyWait_OneRequestReachesTheOriginAndAllGetItsAnswer(bool statesLength)
    {
        var stream = new LowLatencyStream(stage.Origin, $"many-{statesLength}", Film, statesLength);
        stream.Release(LowLatencyStream.PartsPerSegment);
        var next = $"{stream.Playlist}?_HLS_msn=1&_HLS_part=0";
        var before = await stage.Node.Client.GetStringAsync(new Uri(stream.Playlist, UriKind.Relative), Now);

        var waiting = Enumerable.Range(0, 100).Select(_ => stage.Node.Client.GetAsync(new Uri(next, UriKind.Relative), Now)).ToList();
        await stream.WhenBlockedAsync(Now);
        var hint = stage.Node.Client.GetByteArrayAsync(new Uri($"streams/many-{statesLength}/part{LowLatencyStream.PartsPerSegment}.m4s", UriKind.Relative), Now);
        stream.Release();

        foreach (var response in await Task.WhenAll(waiting))
        {
            using (response)
            {
                var playlist = await response.Content.ReadAsStringAsync(Now);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.NotEqual(before, playlist);
                Assert.Contains($"\"part{LowLatencyStream.PartsPerSegment}.m4s\"", playlist, StringComparison.Ordinal);
                Assert.EndsWith($"\"part{LowLatencyStream.PartsPerSegment + 1}.m4s\"\n", playlist, StringComparison.Ordinal);
            }
        }

        Assert.Equal(stream.Part(LowLatencyStream.PartsPerSegment).ToArray(), await hint);
        Assert.Single(stream.Blocked);
        using var again = await stage.Node.GetAsync(next, Now);
        Assert.Contains("ChunkProxy; hit", again.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
    }
}
