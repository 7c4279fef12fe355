using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace ChunkProxy.AppHost.Tests.Page;

/// <summary>The rules of axe-core, and the size of targets, on both pages: in both themes, wide and as on a phone.</summary>
public sealed class AccessibilityTests(Browser chromium, FilmNode films) : IClassFixture<FilmNode>
{
    private const int LeastTarget = 24; // CSS pixels; WCAG 2.2, 2.5.8

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "#films article:nth-child(3) button")]
    [InlineData("_chunkproxy/", "#hot-objects button:text-is('/')")] // the shortest path has the smallest button
    public async Task Page_InUse_HasNoFaultsOfAccessibilityAndLargeTargets(string path, string shown)
    {
        await films.Client.GetByteArrayAsync("", Cancelled);
        await using var browser = await chromium.OpenAsync();
        await browser.Page.GotoAsync(new Uri(films.Address, path).AbsoluteUri);
        await browser.VisibleAsync($"{shown} >> nth=0");

        foreach (var (width, height) in new[] { (1280, 900), (390, 844) })
        {
            await browser.Page.SetViewportSizeAsync(width, height);
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await browser.Page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });

#pragma warning disable CS0618 // RunAxe opens another page for each run, in two processes of the browser, to join the results of frames. These pages have no frames.
                var result = await browser["html"].RunAxeLegacy(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] } });
#pragma warning restore CS0618

                var faults = result.Violations.Select(fault => $"{width} {scheme}: {fault.Id}: {fault.Help}: {string.Join(", ", fault.Nodes.Select(it => it.Html))}").ToList();
                Assert.True(faults.Count == 0, string.Join('\n', faults));
                Assert.True(result.Passes.Length > 20, "axe-core checked next to nothing");
                Assert.Empty(await SmallTargetsAsync(browser.Page));
            }
        }

        Assert.Empty(browser.Problems);
    }

    // Links within a sentence are exempt.
    private static Task<string[]> SmallTargetsAsync(IPage page) => page.EvaluateAsync<string[]>(
        $$"""
        () => [...document.querySelectorAll("button, input, summary, a[href], select")]
            .filter(it => it.checkVisibility() && !(it.matches("a") && it.closest("p, li")))
            .map(it => [it, it.getBoundingClientRect()])
            .filter(([it, box]) => box.width < {{LeastTarget}} || box.height < {{LeastTarget}})
            .map(([it, box]) => `${it.outerHTML.slice(0, 80)}: ${box.width} × ${box.height}`)
        """);
}
