using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Telemetry;

/// <summary><c>/_chunkproxy/metrics</c> of a real process.</summary>
public sealed class ScrapingTests : IAsyncDisposable
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

    private Task<Node> StartAsync(IReadOnlyDictionary<string, string?>? environment) => Node.StartAsync(
        ["-url", _origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "8MiB", "-size-d", "0"], Cancellation, environment);
}
