namespace ChunkProxy.FunctionalTests.Players;

/// <summary>Pages of another origin play films with common players, over TLS and HTTP/2.</summary>
[Collection(PlayerCollection.Name)]
public sealed class FilmTests(PlayerStage stage)
{
    private const string HlsJs = "hls.js/dist/hls.min.js";
    private const string DashJs = "dashjs/dist/modern/umd/dash.all.min.js";
    private const string Shaka = "shaka-player/dist/shaka-player.compiled.js";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hls", HlsJs, Films.TransportStream)]
    [InlineData("hls", HlsJs, Films.Fragmented)]
    [InlineData("dash", DashJs, Films.Dash)]
    [InlineData("shaka", Shaka, Films.Dash)]
    [InlineData("shaka", Shaka, Films.Fragmented)]
    public async Task Player_StartSeekSwitchAndAMissingSegment_ShowsTheFilmAndSees404(string player, string library, string film)
    {
        await using var page = await stage.OpenAsync(player, library);

        var started = await page.StartAsync(film);
        started.IsOfFilm(0.3, 8);
        Assert.Equal(Films.LowHeight, started.Height);

        (await page.SeekAsync(20)).IsOfFilm(20, 28);

        var switched = await page.SwitchAsync(1, Films.HighHeight);
        switched.IsOfFilm(20, 30);
        Assert.Equal(Films.HighHeight, switched.Height);

        Assert.Equal(404, await page.StatusOfMissingAsync(Films.MissingSecond));

        (await page.ResumeAsync(10)).IsOfFilm(10, 18);
        Assert.Equal("h2", await page.ProtocolsAsync());
    }

    [Fact]
    public async Task Element_StartSeekAndAMissingFile_ShowsTheFilmByRangesAndFails()
    {
        await using var page = await stage.OpenAsync("element");

        (await page.StartAsync(Films.Mp4)).IsOfFilm(0.3, 8);
        (await page.SeekAsync(30)).IsOfFilm(30, 35);

        var statuses = page.StatusesOf(Films.Mp4);
        Assert.True(statuses is [206, 206, ..] && statuses.All(status => status == 206), string.Join(' ', statuses));
        Assert.Equal("h2", await page.ProtocolsAsync());
        await using var other = await stage.OpenAsync("element");
        await other.AskAsync($"(player.start({other.Url("missing.mp4")}).catch(() => {{}}), 0)");
        Assert.Equal(404, await other.StatusOfMissingAsync(0));
    }

    [Fact]
    public async Task CertificateIsReplaced_PlaybackGoesOnAndNewConnectionsGetTheNewOne()
    {
        await using var before = await stage.OpenAsync("hls", HlsJs);
        (await before.StartAsync(Films.Fragmented)).IsOfFilm(0.3, 8);
        var old = await before.CertificateAsync();

        stage.UseCertificate("second.test");
        await stage.Node.WhenLineAsync(line => line.Contains("Loaded the certificate", StringComparison.Ordinal) && line.Contains("second.test", StringComparison.Ordinal), "the second certificate", Now);

        await using var after = await stage.OpenAsync("hls", HlsJs);
        (await after.StartAsync(Films.Fragmented)).IsOfFilm(0.3, 8);
        (await before.SeekAsync(20)).IsOfFilm(20, 28);
        Assert.Equal("first.test", old);
        Assert.Equal("first.test", await before.CertificateAsync()); // the connection that it began with
        Assert.Equal("second.test", await after.CertificateAsync());
        Assert.Equal("h2", await before.ProtocolsAsync());
    }
}
