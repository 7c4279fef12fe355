using System.Net;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>What clients and operators see while the origin does not answer.</summary>
/// <remarks>The tests share a node: its log has the lines of former outages, and each test ends when the origin is available again.</remarks>
public sealed class OutageTests(SharedNodes nodes) : IClassFixture<SharedNodes>, IAsyncLifetime
{
    private const string Missed = "Origin unavailable (no connection to the origin)";
    private const string Back = "Origin available again";

    private OneNode _one = null!;
    private bool _isAway;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _one = await nodes.GetAsync("-size-d 0", Now, ("FrontEnd:RetryAfter", "00:00:07"), ("Origin:Backoff", "00:00:00.001"));

    public async ValueTask DisposeAsync()
    {
        if (_isAway)
        {
            Listen();
        }

        using var limit = new CancellationTokenSource(Patience.Limit);
        while (await _one.Node.Client.GetStringAsync("_chunkproxy/health", limit.Token) != "Healthy")
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    [Fact]
    public async Task Refused_AnObjectThatIsNotCached_IsSaidAtOnce()
    {
        var (missed, back) = (Count(Missed), Count(Back));
        await RefuseAsync();

        using var response = await _one.Node.GetAsync(SharedNodes.FreshPath(), Now);

        // 503 if the origin's breaker opened before the last attempt.
        await FaultTests.AssertErrorAsync(response, response.Headers.RetryAfter is null ? HttpStatusCode.BadGateway : HttpStatusCode.ServiceUnavailable);

        // The other tests count the lines of their own outages.
        (await UntilDownAsync(_one.Node)).Dispose();
        await WhenSaidAsync(Missed, missed + 1);
        Listen();
        await WhenSaidAsync(Back, back + 1);
    }

    [Fact]
    public async Task Outage_ManyReadsFail_IsSaidOnceWithWhatToDoAndItsEndOnce()
    {
        var (missed, back) = (Count(Missed), Count(Back));
        var film = _one.Origin.Add(SharedNodes.FreshPath(), OneNode.MiB);
        await RefuseAsync();
        for (var i = 0; i < 5; i++)
        {
            using var failed = await _one.Node.GetAsync(SharedNodes.FreshPath(), Now);
            Assert.Contains(failed.StatusCode, new[] { HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable }); // 503 once the origin counts as down
        }

        Listen();
        await WhenSaidAsync(Back, back + 1);
        using var answer = await _one.Node.GetAsync(film.Path, Now);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((missed + 1, back + 1), (Count(Missed), Count(Back)));
    }

    [Fact]
    public async Task Outage_MissesFailAtOnceCachedReadsGoOnAndEveryViewSaysSo()
    {
        var one = _one;
        var (missed, back) = (Count(Missed), Count(Back));
        var film = one.Origin.Add(SharedNodes.FreshPath(), OneNode.MiB);
        var other = one.Origin.Add(SharedNodes.FreshPath(), OneNode.MiB);
        await one.VerifyAsync(film, Now);
        await one.Node.WhenFilledAsync(Now);
        await RefuseAsync();

        using var refused = await UntilDownAsync(one.Node);
        await one.VerifyAsync(film, Now);

        Assert.Equal("7", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal("ChunkProxy; fwd=miss; detail=origin-down", refused.Headers.GetValues("Cache-Status").Single());
        Assert.StartsWith(
            $"Degraded\norigin: {one.Origin.BaseAddress} unavailable since ", await one.Node.Client.GetStringAsync("_chunkproxy/health", Now), StringComparison.Ordinal);
        using (var stats = JsonDocument.Parse(await one.Node.Client.GetStringAsync("_chunkproxy/stats", Now)))
        {
            var origin = stats.RootElement.GetProperty("origin");
            Assert.True(origin.GetProperty("isDown").GetBoolean());
            var reason = origin.GetProperty("degradedReason").GetString();
            Assert.StartsWith($"{one.Origin.BaseAddress} unavailable since ", reason, StringComparison.Ordinal);
            Assert.EndsWith("cached content is served, other reads fail at once", reason, StringComparison.Ordinal);
            Assert.Equal(reason, stats.RootElement.GetProperty("cluster").GetProperty("members")[0].GetProperty("originProblem").GetString());
        }

        await using var status = Node.Launch(["status", "-node", one.Node.Address.ToString()]);
        Assert.Equal(0, await status.WhenExitedAsync(Now));
        Assert.Contains(status.Lines, line => line.StartsWith($"Origin: {one.Origin.BaseAddress} unavailable since ", StringComparison.Ordinal));
        Assert.Contains(status.Lines, line => line.Contains($" origin {one.Origin.BaseAddress} ", StringComparison.Ordinal));
        await WhenSaidAsync(Missed, missed + 1);
        Assert.Contains($"{Missed}; serving cached content only. Check its URL ({one.Origin.BaseAddress})", LinesWith(Missed)[^1], StringComparison.Ordinal);

        Listen();
        await WhenSaidAsync(Back, back + 1);
        using var answer = await one.Node.GetAsync(other.Path, Now);
        Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{answer}\n{(answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync(Now))}");
        Assert.Equal("Healthy", await one.Node.Client.GetStringAsync("_chunkproxy/health", Now));
    }

    // The first reads try to reach the origin, and get 502.
    private static async Task<HttpResponseMessage> UntilDownAsync(Node node)
    {
        var path = SharedNodes.FreshPath();
        while (true)
        {
            var answer = await node.GetAsync(path, Now);
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }

            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            answer.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Now);
        }
    }

    private Task RefuseAsync()
    {
        _isAway = true;
        return _one.Origin.RefuseAsync();
    }

    private void Listen()
    {
        _isAway = false;
        _one.Origin.Listen();
    }

    private Task<string> WhenSaidAsync(string text, int times) => _one.Node.WhenLineAsync(_ => Count(text) >= times, $"{text}, {times} times", Now);

    private int Count(string text) => LinesWith(text).Count;

    private List<string> LinesWith(string text) => [.. _one.Node.Output.Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal))];
}
