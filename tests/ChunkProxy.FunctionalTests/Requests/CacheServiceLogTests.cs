using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Requests;

public sealed partial class CacheServiceLogTests
{
    [Fact]
    public async Task Log_Request_WritesNoLine()
    {
        var pool = $"127.0.0.1:{FreePort.Next()}";
        await using var cache = await CacheService.StartAsync(
            [("Url", "http://origin.example/"), ("DiskSize", "0"), ("PoolAddr", pool), ("PoolPeers", pool)], TestContext.Current.CancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        using var answer = await client.GetAsync(new Uri(Address().Match(cache.Output).Groups[1].Value), TestContext.Current.CancellationToken);
        Assert.Equal(0, await cache.StopAsync(TestContext.Current.CancellationToken));

        Assert.DoesNotContain("Request starting", cache.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Request finished", cache.Output, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Address();
}
