namespace ChunkProxy.FunctionalTests.Players;

/// <summary>Pages of another origin play live streams.</summary>
[Collection(PlayerCollection.Name)]
public sealed class LiveTests(PlayerStage stage)
{
    private const int AtStart = 4; // segments
    private const int Released = 4; // more

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(stage.Root, Films.LiveFolder);

    [Theory]
    [InlineData("hls", "hls.js/dist/hls.min.js")]
    [InlineData("shaka", "shaka-player/dist/shaka-player.compiled.js")]
    public async Task SlidingWindow_TwoViewers_FollowTheLiveEdgeAndTheOriginSendsEachSegmentOnce(string player, string library)
    {
        var stream = new LiveStream(stage.Origin, $"window-{player}", Folder, LiveFormat.Hls());
        stream.Release(AtStart);
        await using var first = await stage.OpenAsync(player, library);
        await using var second = await stage.OpenAsync(player, library);

        var started = Task.WhenAll(first.StartAsync(stream.Manifest), second.StartAsync(stream.Manifest));
        var played = Task.WhenAll(first.PlayingAsync(AtStart + 0.3), second.PlayingAsync(AtStart + 0.3)); // asked for now: at the end of the stream there is no next picture
        for (var next = AtStart; next < AtStart + Released; next++)
        {
            await stream.WhenAskedAsync(next - 1, Now);
            stream.Release();
        }

        await started;
        foreach (var picture in await played)
        {
            picture.IsOfFilm(AtStart + 0.3, AtStart + Released); // from a segment that the start has not seen
        }

        foreach (var page in (PlayerPage[])[first, second])
        {
            Assert.Equal("h2", await page.ProtocolsAsync());
        }

        var asked = stream.AskedSegments();
        Assert.Equal(asked.Distinct().Count(), asked.Count);
    }

    // A live stream of DASH is defined by the clock: a player computes from it which segments there are.
    [Fact]
    public async Task Dash_TwoViewers_FollowTheLiveEdgeAndTheOriginSendsEachSegmentOnce()
    {
        const string Library = "dashjs/dist/modern/umd/dash.all.min.js";
        await using var first = await stage.OpenAsync("dash", Library);
        await using var second = await stage.OpenAsync("dash", Library);
        var start = TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(AtStart);
        var stream = new LiveStream(
            stage.Origin, "window-dash", Folder, LiveFormat.Dash(start), () => (int)Math.Min((TimeProvider.System.GetUtcNow() - start).TotalSeconds, Films.Seconds));

        var started = await Task.WhenAll(first.StartAsync(stream.Manifest), second.StartAsync(stream.Manifest));

        foreach (var (page, picture) in ((PlayerPage[])[first, second]).Zip(started))
        {
            var later = picture.Time + 3;
            (await page.PlayingAsync(later)).IsOfFilm(later, later + 4); // behind the end of the manifest at the start
            Assert.Equal("h2", await page.ProtocolsAsync());
        }

        var asked = stream.AskedSegments();
        Assert.Equal(asked.Distinct().Count(), asked.Count);
    }
}
