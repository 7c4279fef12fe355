using System.Net;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Web.Tests.Operations.Status;

/// <summary><c>/_chunkproxy/map</c> of real processes in front of a scripted origin.</summary>
public sealed class ChunkMapTests : IAsyncDisposable
{
    private const int Chunk = StatusNodes.Chunk;
    private const int Chunks = 40; // with three members, one that owns none of them has the probability (2/3)^40

    private readonly StatusNodes _nodes = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();

    [Fact]
    public async Task Map_PartOfAFilmWasWatched_ShowsThatPart()
    {
        _nodes.Origin.Add("/film.mp4", Chunks * Chunk);
        await using var node = await _nodes.StartAsync("-size-d", "0");
        await WatchAsync(node, first: 5, count: 4);
        await WatchAsync(node, first: 12, count: 1);
        var asked = _nodes.Origin.Requests.Count;

        using var map = await MapAsync(node, "/film.mp4");

        Assert.Equal(Chunks, map.RootElement.GetProperty("chunks").GetInt64());
        Assert.Equal(5, map.RootElement.GetProperty("cachedChunks").GetInt64());
        Assert.Equal([5, 6, 7, 8, 12], InMemory(map.RootElement.GetProperty("members")[0]));
        Assert.Equal(asked, _nodes.Origin.Requests.Count);
    }

    [Fact]
    public async Task Map_AfterARestart_ShowsWhatIsOnDisk()
    {
        _nodes.Origin.Add("/film.mp4", Chunks * Chunk);
        string[] arguments = ["-dir", _nodes.Directory];
        await using (var node = await _nodes.StartAsync(arguments))
        {
            await WatchAsync(node, first: 0, count: 3);
            Assert.Equal(0, await node.StopAsync(Cancellation)); // writes the queue
        }

        await using var again = await _nodes.StartAsync(arguments);
        using var scanned = await UntilAsync(again, "stats", stats => stats.GetProperty("disk").GetProperty("isScanFinished").GetBoolean());
        using var map = await MapAsync(again, "/film.mp4");

        var run = Assert.Single(map.RootElement.GetProperty("members")[0].GetProperty("runs").EnumerateArray());
        Assert.Equal((0, 3, "none", true), (run.GetProperty("first").GetInt64(), run.GetProperty("count").GetInt64(), run.GetProperty("memory").GetString(), run.GetProperty("disk").GetBoolean()));
    }

    [Fact]
    public async Task Map_TwoMembers_EachShowsTheChunksItOwnsAndTogetherAll()
    {
        _nodes.Origin.Add("/film.mp4", Chunks * Chunk);
        string[] pool = [$"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}"];
        await using var one = await _nodes.StartAsync("-size-d", "0", "-pooladdr", pool[0], "-poolpeers", string.Join(',', pool));
        await using var other = await _nodes.StartAsync("-size-d", "0", "-pooladdr", pool[1], "-poolpeers", string.Join(',', pool));
        await WatchAsync(one, first: 0, count: Chunks);

        using var map = await MapAsync(one, "/film.mp4");
        using var same = await MapAsync(other, "/film.mp4");

        var members = map.RootElement.GetProperty("members").EnumerateArray().ToDictionary(member => member.GetProperty("member").GetString()!, InMemory);
        Assert.Equal(pool.Order(), members.Keys.Order());
        Assert.All(members.Values, chunks => Assert.NotEmpty(chunks));
        Assert.Equal(Enumerable.Range(0, Chunks).Select(index => (long)index), members.Values.SelectMany(chunks => chunks).Distinct().Order());
        Assert.Equal(Chunks, map.RootElement.GetProperty("cachedChunks").GetInt64());
        Assert.Equal(Chunks, same.RootElement.GetProperty("cachedChunks").GetInt64());
    }

    [Fact]
    public async Task Stats_OfTheCluster_SayHowEveryMemberIs()
    {
        _nodes.Origin.Add("/film.mp4", Chunks * Chunk);
        string[] pool = [$"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}"]; // the third is closed
        await using var one = await _nodes.StartAsync("-size-d", "0", "-pooladdr", pool[0], "-poolpeers", string.Join(',', pool));
        await using var other = await _nodes.StartAsync("-size-d", "0", "-pooladdr", pool[1], "-poolpeers", string.Join(',', pool));
        using var before = JsonDocument.Parse(await one.Client.GetStringAsync("_chunkproxy/stats?cluster=true", Cancellation));
        for (var read = 0; read < 2; read++)
        {
            await WatchAsync(one, first: 0, count: Chunks);
        }

        // Sent bytes are counted when they were passed to the connection, possibly after the client has them. The other member's
        // figures may be half a second old.
        using var stats = await UntilAsync(one, "stats?cluster=true", it => it.GetProperty("cluster").GetProperty("totals") is var counted
            && counted.GetProperty("clientBytes").GetInt64() >= 2 * Chunks * Chunk
            && counted.GetProperty("originBytes").GetInt64() >= _nodes.Origin.BodyBytesSent
            && it.GetProperty("cluster").GetProperty("members").EnumerateArray().All(member => member.GetProperty("state").GetString() is "answers" or "avoided"));

        var cluster = stats.RootElement.GetProperty("cluster");
        var totals = cluster.GetProperty("totals");
        Assert.Equal(pool[0], cluster.GetProperty("self").GetString());
        Assert.Equal("silent", StateOf(before, pool[2]));
        Assert.Equal(("answers", "answers", "avoided"), (StateOf(stats, pool[0]), StateOf(stats, pool[1]), StateOf(stats, pool[2])));
        Assert.Equal(1, cluster.GetProperty("members").EnumerateArray().Sum(member => member.GetProperty("share").GetDouble()), precision: 9);
        Assert.Equal(2 * Chunks * Chunk, totals.GetProperty("clientBytes").GetInt64());
        Assert.Equal(_nodes.Origin.BodyBytesSent, totals.GetProperty("originBytes").GetInt64());
        Assert.Equal(Chunks * Chunk, totals.GetProperty("savedBytes").GetInt64());
        Assert.Contains(
            cluster.GetProperty("events").EnumerateArray(),
            it => it.GetProperty("kind").GetString() == "peerFailed" && it.GetProperty("subject").GetString() == pool[2] && it.GetProperty("ending").GetString() == "Unreachable");
    }

    [Theory]
    [InlineData("/unheard-of.mp4", HttpStatusCode.NotFound)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("film.mp4", HttpStatusCode.BadRequest)]
    [InlineData("/../etc/passwd", HttpStatusCode.BadRequest)]
    [InlineData("/_chunkproxy/stats", HttpStatusCode.BadRequest)]
    public async Task Map_NotAnObjectThatIsKnown_SaysSoAndDoesNotAskTheOrigin(string path, HttpStatusCode expected)
    {
        await using var node = await _nodes.StartAsync("-size-d", "0");

        using var answer = await node.GetAsync($"_chunkproxy/map?path={Uri.EscapeDataString(path)}", Cancellation);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.StartsWith($"{(int)expected} ", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(_nodes.Origin.Requests);
    }

    private static string? StateOf(JsonDocument stats, string member) =>
        stats.RootElement.GetProperty("cluster").GetProperty("members").EnumerateArray().Single(it => it.GetProperty("id").GetString() == member).GetProperty("state").GetString();

    private static IEnumerable<long> InMemory(JsonElement member) =>
        member.GetProperty("runs").EnumerateArray()
            .Where(run => run.GetProperty("memory").GetString() == "whole")
            .SelectMany(run => Enumerable.Range(0, run.GetProperty("count").GetInt32()).Select(i => run.GetProperty("first").GetInt64() + i));

    private static async Task WatchAsync(Node node, int first, int count)
    {
        using var response = await node.GetAsync("film.mp4", Cancellation, (long)first * Chunk, ((long)(first + count) * Chunk) - 1);
        Assert.Equal(count * Chunk, (await response.Content.ReadAsByteArrayAsync(Cancellation)).Length);
    }

    // A reader may have its last byte before the fill has ended; then the chunk is in memory.
    private static Task<JsonDocument> MapAsync(Node node, string path) => UntilAsync(
        node,
        $"map?path={Uri.EscapeDataString(path)}",
        map => map.GetProperty("members").EnumerateArray().Select(member => member.GetProperty("runs")).All(runs =>
            runs.ValueKind is JsonValueKind.Array && runs.EnumerateArray().All(run => !run.GetProperty("filling").GetBoolean())));

    private static async Task<JsonDocument> UntilAsync(Node node, string what, Func<JsonElement, bool> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Patience.Limit);
        while (true)
        {
            var answer = JsonDocument.Parse(await node.Client.GetStringAsync("_chunkproxy/" + what, patience.Token));
            if (holds(answer.RootElement))
            {
                return answer;
            }

            answer.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token); // the process does not announce changes
        }
    }
}
