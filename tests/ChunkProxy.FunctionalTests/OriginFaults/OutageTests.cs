using System.Net;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>What clients and operators see while the origin does not answer.</summary>
public sealed class OutageTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Outage_MissesFailAtOnceCachedReadsGoOnAndEveryViewSaysSo()
    {
        await using var one = await OneNode.StartAsync("-size-d 0", Now, ("FrontEnd:RetryAfter", "00:00:07"));
        var film = one.Origin.Add("/film.mp4", OneNode.MiB);
        await one.VerifyAsync(film, Now);
        await one.Node.WhenFilledAsync(Now);
        await one.Origin.RefuseAsync();

        using var refused = await UntilDownAsync(one.Node);
        await one.VerifyAsync(film, Now);

        Assert.Equal("7", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal("ChunkProxy; fwd=miss; detail=origin-down", refused.Headers.GetValues("Cache-Status").Single());
        Assert.Equal("Degraded", await one.Node.Client.GetStringAsync("_chunkproxy/health", Now));
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
        await one.Node.WhenLineAsync(
            line => line.Contains($"Origin unavailable (no connection to the origin); serving cached content only. Check its URL ({one.Origin.BaseAddress})", StringComparison.Ordinal),
            "the outage", Now);

        one.Origin.Add("/other.mp4", OneNode.MiB);
        one.Origin.Listen();
        await one.Node.WhenLineAsync(line => line.Contains("Origin available again", StringComparison.Ordinal), "the end of the outage", Now);
        using var other = await one.Node.GetAsync("/other.mp4", Now);
        Assert.True(other.StatusCode is HttpStatusCode.OK, $"{other}\n{(other.IsSuccessStatusCode ? "" : await other.Content.ReadAsStringAsync(Now))}");
        Assert.Equal("Healthy", await one.Node.Client.GetStringAsync("_chunkproxy/health", Now));
    }

    // The first reads try to reach the origin, and get 502.
    private static async Task<HttpResponseMessage> UntilDownAsync(Node node)
    {
        while (true)
        {
            var answer = await node.GetAsync("/miss.mp4", Now);
            if (answer.StatusCode is HttpStatusCode.ServiceUnavailable)
            {
                return answer;
            }

            Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
            answer.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Now);
        }
    }
}
