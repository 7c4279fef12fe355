using System.Text.RegularExpressions;
using ChunkProxy.AppHost.Tests.Page;
using ChunkProxy.Testing.Processes;
using Microsoft.Playwright;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>The status page in a real browser, of a real cluster.</summary>
[Collection(nameof(SharedCluster))]
public sealed partial class StatusPageTests(SharedCluster shared, Browser chromium)
{
    private const int MiB = 1024 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_FilmWatchedAndMemberHangs_ShowsBothWhileTheyHappen()
    {
        var run = await shared.GetAsync(Cancelled);
        await run.WhenQuietAsync(Cancelled); // of what other tests began nothing is counted
        await run.RestartFrontEndAsync(members: 3, Cancelled); // its totals begin at zero
        var film = $"films/orbit.webm?v={Guid.NewGuid():N}"; // an object that no other test reads
        await using var browser = await chromium.OpenAsync();
        var page = browser.Page;
        var problems = new List<string>();
        page.PageError += (_, error) => problems.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("404", StringComparison.Ordinal)) // the map of an unknown object
            {
                problems.Add(message.Text);
            }
        };

        await page.GotoAsync(new Uri(run.Web, $"_chunkproxy/?path={Uri.EscapeDataString($"/{film}")}").AbsoluteUri);
        await TextAsync(page, "#worst", "3 of 3 members healthy");
        await TextAsync(page, "#saved", "–");

        // 30 chunks from the middle of the film, four times: three quarters of it are saved.
        for (var viewer = 0; viewer < 4; viewer++)
        {
            Assert.Equal(30 * MiB, (await run.GetRangeAsync(film, 40 * MiB, 30 * MiB, Cancelled)).Length);
        }

        await TextAsync(page, "#saved", "75%");
        await TextAsync(page, "#client-bytes", "120 MiB");
        await TextAsync(page, "#origin-bytes", "30.0 MiB");
        await Assertions.Expect(page.Locator("#map-text")).ToContainTextAsync(FilmIsCached(), new() { Timeout = 60_000 });
        await TextAsync(page, "#map-text", "30 in memory, 30 on disk, 0 being filled");
        await TextAsync(page, "#slowest", "/films/orbit.webm");
        Assert.NotEqual(await PixelAsync(page, 20), await PixelAsync(page, 55));
        Assert.Equal(await PixelAsync(page, 20), await PixelAsync(page, 90));
        await ScreenshotsAsync(page, "status");

        var hung = run.ProcessOf("cache-2");
        PosixSignal.Send(hung, PosixSignal.Stop);
        try
        {
            await page.Locator("#members .member.bad").WaitForAsync();
            await TextAsync(page, "#worst", " members healthy. ");
            await TextAsync(page, "#worst", "does not answer");
            await TextAsync(page, "#saved", "75%"); // the silent member's totals still count
            await ScreenshotsAsync(page, "status-hung");
        }
        finally
        {
            PosixSignal.Send(hung, PosixSignal.Continue);
        }

        await TextAsync(page, "#worst", "3 of 3 members healthy");
        Assert.Empty(problems);
    }

    private static Task TextAsync(IPage page, string selector, string text) =>
        Assertions.Expect(page.Locator(selector)).ToContainTextAsync(text, new() { Timeout = 60_000 });

    /// <summary>The colour of the whole film's strip at a chunk, in its memory lane.</summary>
    private static Task<string> PixelAsync(IPage page, int chunk) => page.EvaluateAsync<string>(
        """
        chunk => {
          const canvas = document.querySelector("#strips .all canvas");
          const chunks = Number(canvas.getAttribute("aria-label").match(/of (\d+) chunks/)[1]);
          return canvas.getContext("2d").getImageData((chunk + 0.5) / chunks * canvas.width, canvas.height / 4, 1, 1).data.join();
        }
        """,
        chunk);

    private static async Task ScreenshotsAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CHUNKPROXY_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            return;
        }

        foreach (var (theme, scheme) in new[] { ("light", ColorScheme.Light), ("dark", ColorScheme.Dark) })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{theme}.png"), FullPage = true });
        }

        await page.SetViewportSizeAsync(390, 844);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-phone.png"), FullPage = true });
        await page.SetViewportSizeAsync(1280, 900);
    }

    [GeneratedRegex(@"/films/orbit\.webm\?\S+ is cached: 30 of")]
    private static partial Regex FilmIsCached();
}
