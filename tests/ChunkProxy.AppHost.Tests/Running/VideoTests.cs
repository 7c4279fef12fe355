using ChunkProxy.AppHost.Tests.Page;
using Microsoft.Playwright;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>The sample page in a real browser, through the proxy.</summary>
[Collection(nameof(SharedCluster))]
public sealed class VideoTests(SharedCluster shared, Browser chromium)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Video_SeekFarAhead_PlaysOnFromThere()
    {
        var cluster = await shared.GetAsync(Cancelled);
        await using var browser = await chromium.OpenAsync();
        var page = browser.Page;
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);

        await page.GotoAsync(cluster.Web.AbsoluteUri);
        var video = page.Locator("video#orbit");
        await video.EvaluateAsync("video => video.play()");
        await FramesAdvanceAsync(page, from: 0);
        await video.EvaluateAsync("video => { video.currentTime = 421.5; }");
        await FramesAdvanceAsync(page, from: 421.5);

        // The captions show the film's time, so they show where the seek arrived.
        var caption = await video.EvaluateAsync<string>("video => video.textTracks[0].activeCues[0].text");
        Assert.StartsWith("00:07:0", caption, StringComparison.Ordinal);
        Assert.Equal(600, await video.EvaluateAsync<double>("video => video.duration"), 0.01);
        await page.WaitForFunctionAsync("() => /cache|origin/.test(document.querySelector('video#orbit').closest('article').querySelector('.source').textContent)");
        Assert.False(await page.Locator("#direct").IsVisibleAsync());
        Assert.Empty(problems);

        if (Environment.GetEnvironmentVariable("CHUNKPROXY_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "films.png"), FullPage = true });
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, "films-dark.png"), FullPage = true });
        }
    }

    /// <summary>Returns once two seconds of pictures after <paramref name="from"/> were shown.</summary>
    private static Task<IJSHandle> FramesAdvanceAsync(IPage page, double from) => page.WaitForFunctionAsync(
        """
        from => {
          const video = document.querySelector("video#orbit");
          const frames = video.getVideoPlaybackQuality().totalVideoFrames;
          video.firstFrames ??= {};
          video.firstFrames[from] ??= frames;
          return !video.seeking && video.currentTime > from + 2 && video.currentTime < from + 60 && frames > video.firstFrames[from] + 20;
        }
        """,
        from,
        new() { Timeout = 60_000 });
}
