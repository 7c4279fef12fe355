using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Exchanges;

/// <summary><c>/_chunkproxy/metrics</c> of a real process.</summary>
public sealed partial class ScrapingTests : IAsyncDisposable
{
    private const int Chunk = 64 * 1024;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    [Fact]
    public async Task Scrape_FilmWasRead_CountsItsBytes()
    {
        _origin.Add("/film.mp4", 3 * Chunk);
        await using var node = await StartAsync(new Dictionary<string, string?> { ["OTEL_METRICS_EXPORTER"] = "prometheus" });
        Assert.Equal(3 * Chunk, (await node.Client.GetByteArrayAsync("film.mp4", Cancellation)).Length);

        var text = await node.Client.GetStringAsync("_chunkproxy/metrics", Cancellation);

        Assert.Equal(3 * Chunk, ValueOf(text, "chunkproxy_received_bytes_total", "chunkproxy_tier=\"origin\""));
        Assert.Equal(8 * 1024 * 1024, ValueOf(text, "chunkproxy_tier_budget_bytes", "chunkproxy_tier=\"memory\""));
    }

    [Fact]
    public async Task Scrape_OfTwoMembers_HasEveryApprovedMetricUnderItsName()
    {
        _origin.Add("/film.mp4", 40 * Chunk);
        using var folder = new TemporaryFolder();
        var members = new[] { FreePort.Next(), FreePort.Next() };
        var scraped = new Dictionary<string, string?> { ["OTEL_METRICS_EXPORTER"] = "prometheus" };
        var nodes = await Task.WhenAll(members.Select(port => StartAsync(
            scraped, "-poolpeers", string.Join(',', members.Select(member => $"127.0.0.1:{member}")), "-pooladdr", $"127.0.0.1:{port}", "-dir", folder.Combine($"{port}"), "-redis", "127.0.0.1:1"))); // closed: only its metrics matter
        await using var one = nodes[0];
        await using var two = nodes[1];
        foreach (var node in nodes)
        {
            Assert.Equal(40 * Chunk, (await node.Client.GetByteArrayAsync("film.mp4", Cancellation)).Length);
        }

        var text = await one.Client.GetStringAsync("_chunkproxy/metrics", Cancellation);

        var found = Name().Matches(text).Select(match => match.Value).ToHashSet();
        Assert.Empty(ApprovedMetrics.Series.Except(found));
        Assert.Empty(found.Where(name => name.StartsWith("chunkproxy_", StringComparison.Ordinal)).Except(ApprovedMetrics.Series));
        Assert.Equal(ValueOf(text, "chunkproxy_epoch", ""), ValueOf(await two.Client.GetStringAsync("_chunkproxy/metrics", Cancellation), "chunkproxy_epoch", ""));
        Assert.InRange(ValueOf(text, "chunkproxy_peer_time_to_first_byte_seconds_count", "chunkproxy_outcome=\"answered\""), 1, 100);
        Assert.InRange(ValueOf(text, "chunkproxy_origin_time_to_first_byte_seconds_bucket", "chunkproxy_outcome=\"part\",le=\"10\""), 1, 100);
    }

    [Fact]
    public async Task Scrape_NotAskedFor_IsNotThereAndNotTheOrigins()
    {
        await using var node = await StartAsync(environment: null);

        using var answer = await node.GetAsync("_chunkproxy/metrics", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(_origin.Requests);
    }

    private static double ValueOf(string text, string name, string tag)
    {
        var line = Regex.Match(text, $"^{name}\\{{[^}}]*{tag}[^}}]*\\}} (\\S+)", RegexOptions.Multiline);
        Assert.True(line.Success, text);
        return double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private Task<Node> StartAsync(IReadOnlyDictionary<string, string?>? environment, params IEnumerable<string> more) => Node.StartAsync(
        ["-url", _origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "8MiB", "-size-d", more.Contains("-dir") ? "8MiB" : "0", .. more], Cancellation, environment);

    // The name of a sample: at the start of a line that is no comment.
    [GeneratedRegex(@"^[a-z]\w*(?=[{ ])", RegexOptions.Multiline)]
    private static partial Regex Name();
}
