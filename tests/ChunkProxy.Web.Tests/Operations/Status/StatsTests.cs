using System.Net;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Web.Tests.Operations.Status;

/// <summary><c>/_chunkproxy/stats</c> of a real process in front of a scripted origin.</summary>
public sealed class StatsTests : IAsyncDisposable
{
    private const int Chunk = StatusNodes.Chunk;
    private const int Size = (2 * Chunk) + 1000;

    private readonly StatusNodes _nodes = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Stats_FilmReadTwice_CountOriginOnceAndClientsTwice()
    {
        _nodes.Origin.Add("/film.mp4", Size);
        await using var node = await _nodes.StartAsync("-dir", _nodes.Directory);
        using var client = ClientOf(node);

        for (var read = 0; read < 2; read++)
        {
            Assert.Equal(Size, (await client.GetByteArrayAsync("film.mp4", Cancellation)).Length);
            await node.WhenFilledAsync(Cancellation); // the chunk of a fill that is about to end may be found on disk first
        }

        using var missing = await client.GetAsync("nosuch.mp4", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);

        using var stats = await ReadAsync(client);
        Assert.Equal(Chunk, Figure(stats, "chunkSizeBytes"));
        Assert.Equal(3, Figure(stats, "memory", "chunks"));
        Assert.Equal(1, Figure(stats, "metadata", "hits"));
        Assert.Equal(6, Figure(stats, "reads", "total"));
        Assert.Equal(6, Figure(stats, "reads", "bySource", "memory") + Figure(stats, "reads", "bySource", "origin"));
        Assert.True(Figure(stats, "reads", "bySource", "memory") >= 3, "the second read is served from memory");
        Assert.Equal(3, Figure(stats, "fills", "byOutcome", "completed"));
        Assert.Equal(0, Figure(stats, "fills", "underWay"));
        Assert.Equal(Size, Figure(stats, "origin", "receivedBytes"));
        Assert.Equal(_nodes.Origin.BodyBytesSent, Figure(stats, "origin", "receivedBytes"));
        Assert.Equal(_nodes.Origin.Requests.Count, Figure(stats, "origin", "requests"));
        Assert.Equal(1, Figure(stats, "origin", "byOutcome", "notFound"));
        Assert.Equal(3, Figure(stats, "clients", "requests"));
        Assert.Equal(2, Figure(stats, "clients", "byStatus", "200"));
        Assert.Equal(1, Figure(stats, "clients", "byStatus", "404"));
        Assert.Equal(JsonValueKind.Object, stats.RootElement.GetProperty("disk").ValueKind);
    }

    [Fact]
    public async Task Stats_WithoutDisk_SayNull()
    {
        await using var node = await _nodes.StartAsync("-size-d", "0");
        using var client = ClientOf(node);

        using var stats = await ReadAsync(client);

        Assert.Equal(JsonValueKind.Null, stats.RootElement.GetProperty("disk").ValueKind);
    }

    [Fact]
    public async Task Stats_RedisCannotBeReached_SaySoAndHealthIsDegraded()
    {
        await using var node = await _nodes.StartAsync("-size-d", "0", "-redis", $"127.0.0.1:{FreePort.Next()}");
        using var client = ClientOf(node);
        await node.WhenLineAsync(line => line.Contains("Redis unavailable", StringComparison.Ordinal), "Redis is missed", Cancellation);

        using var stats = await ReadAsync(client);
        using var health = await client.GetAsync("_chunkproxy/health", Cancellation);

        var superHot = stats.RootElement.GetProperty("superHot");
        Assert.False(superHot.GetProperty("isUsed").GetBoolean());
        var problem = stats.RootElement.GetProperty("cluster").GetProperty("members")[0].GetProperty("superHotProblem");
        Assert.All([superHot.GetProperty("degradedReason"), problem], reason => Assert.True(reason.GetString() is "no connection" or "no answer in time", $"{reason}"));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.StartsWith("Degraded\nredis: ", await health.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stats_EachField_IsDescribed()
    {
        await using var node = await _nodes.StartAsync("-dir", _nodes.Directory, "-redis", "127.0.0.1:1");
        using var client = ClientOf(node);
        var described = (await File.ReadAllLinesAsync(Path.Combine(ProductBuild.Root, "docs", "stats.md"), Cancellation))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])
            .Where(field => field is not ("disk" or "superHot"));

        using var stats = await ReadAsync(client);

        Assert.Equal(FieldsOf(stats.RootElement).Order(), described.Order());
    }

    [Fact]
    public async Task Stats_OtherMethod_IsNotTheirs()
    {
        await using var node = await _nodes.StartAsync("-size-d", "0");
        using var client = ClientOf(node);

        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "_chunkproxy/stats"), Cancellation);
        using var post = await client.PostAsync("_chunkproxy/stats", null, Cancellation);

        Assert.Equal("no-store", head.Headers.CacheControl?.ToString());
        Assert.Equal("application/json", head.Content.Headers.ContentType?.MediaType);
        Assert.False(post.IsSuccessStatusCode);
        Assert.Empty(_nodes.Origin.Requests);
    }

    // Names of the fields; the keys of a dictionary of figures are values, not fields.
    private static IEnumerable<string> FieldsOf(JsonElement element, string prefix = "") => element.EnumerateObject().SelectMany(field =>
        field.Value.ValueKind == JsonValueKind.Object && !field.Name.StartsWith("by", StringComparison.Ordinal)
            ? FieldsOf(field.Value, prefix + field.Name + ".")
            : [prefix + field.Name]);

    private static long Figure(JsonDocument stats, params IEnumerable<string> path) =>
        path.Aggregate(stats.RootElement, (element, name) => element.GetProperty(name)).GetInt64();

    private static async Task<JsonDocument> ReadAsync(HttpClient client) =>
        JsonDocument.Parse(await client.GetByteArrayAsync("_chunkproxy/stats", Cancellation));

    // One connection: an exchange on it has ended and is counted before the next one begins.
    private static HttpClient ClientOf(Node node) =>
        new(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 1 }) { BaseAddress = node.Address };
}
