using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.AppHost.Tests.Page;

/// <summary>The charts and cards of the status page, with a history that the test makes.</summary>
public sealed partial class ChartTests(Browser chromium, FilmNode films) : IClassFixture<FilmNode>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    // Two minutes of reads, five minutes of which nothing is known, and two minutes of reads: two lines, and no slope between them.
    [Fact]
    public async Task Charts_WithAGapInTheHistory_AreInterrupted()
    {
        await using var browser = await chromium.OpenAsync();
        await browser.Page.RouteAsync("**/_chunkproxy/history", route => route.FulfillAsync(new() { ContentType = "application/json", Body = HistoryWithAGap() }));

        await browser.Page.GotoAsync(new Uri(films.Address, "_chunkproxy/").AbsoluteUri);
        await browser.TextAsync("#map-text", "/films/aurora.webm is cached");

        foreach (var path in new[] { "#traffic-chart path.line.client", "#hits-chart path.memory" })
        {
            var starts = MoveTo().Matches(await browser[path].GetAttributeAsync("d") ?? "").Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).ToList();
            Assert.True(starts.Count >= 2, $"{path} has {starts.Count} parts");
            Assert.True(starts[1] - starts[0] > 300, $"{path}: the second part begins at {starts[1]}"); // seven of at most fifteen minutes later
        }

        Assert.Empty(browser.Problems);
    }

    [Fact]
    public async Task Fills_WhenNoneIsInProgress_TheCardSaysWhatWasFilled()
    {
        await using var browser = await chromium.OpenAsync();

        await browser.Page.GotoAsync(new Uri(films.Address, "_chunkproxy/").AbsoluteUri);

        await browser.TextAsync("#fills", "None now. Of this process since its start: ");
        var heights = await browser.Page.EvaluateAsync<double[]>("() => [...document.querySelectorAll('.two > .card')].map(it => it.getBoundingClientRect().height)");
        Assert.True(heights[1] < heights[0] / 2, $"the empty card is {heights[1]} high, the one beside it {heights[0]}");
    }

    [Fact]
    public async Task Films_InSegments_AreShownAsOneFilm()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var node = await Node.StartAsync(["-url", origin.BaseAddress.ToString(), "-size-d", "0"], Cancelled, new Dictionary<string, string?> { ["ChunkProxy__AdminKeyGuards"] = "Actions" });
        for (var i = 0; i < 30; i++)
        {
            await node.Client.GetByteArrayAsync(origin.Add($"/hls/night/seg-{i}.ts", 100_000).Path, Cancelled);
        }

        await using var browser = await chromium.OpenAsync();
        await browser.Page.GotoAsync(new Uri(node.Address, "_chunkproxy/").AbsoluteUri);

        await browser.TextAsync("#films", "/hls/night/ · 30 segments");
        Assert.Equal(1, await browser["#films button"].CountAsync());
        await browser.TextAsync("#map-text", "/hls/night/ is a film in segments: 30 segments of it in memory, 30 chunks");
        Assert.Empty(browser.Problems);
    }

    private static string HistoryWithAGap()
    {
        var points = new JsonArray();
        var now = TimeProvider.System.GetUtcNow();
        var reads = 0;
        foreach (var ago in Enumerable.Range(0, 25).Select(i => 540 - (5 * i)).Concat(Enumerable.Range(0, 25).Select(i => 120 - (5 * i)))) // seconds
        {
            reads++;
            points.Add(new JsonObject
            {
                ["at"] = now.AddSeconds(-ago).ToString("O"),
                ["totals"] = new JsonObject
                {
                    ["clientBytes"] = reads * 1_000_000L,
                    ["originBytes"] = reads * 500_000L,
                    ["savedBytes"] = reads * 500_000L,
                    ["byTier"] = new JsonObject { ["memory"] = reads },
                },
            });
        }

        return points.ToJsonString();
    }

    [GeneratedRegex(@"M([\d.]+) ")]
    private static partial Regex MoveTo();
}
