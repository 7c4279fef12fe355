using System.Net;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>Proxies whose origin URLs lead back to themselves.</summary>
public sealed class LoopTests
{
    // A probe of an origin that seems slow on a busy machine would go round, too.
    private static readonly Dictionary<string, string?> ProbesEndAtTheNext = new() { [Setting.InEnvironment("Origin:ProbePath")] = "/_chunkproxy/alive" };

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Get_OriginsFormALoop_EndsWith508AfterOneRound(int count)
    {
        using var folder = new TemporaryFolder();
        var ports = Enumerable.Range(0, count).Select(_ => FreePort.Next()).ToArray();
        var nodes = await Task.WhenAll(Enumerable.Range(0, count).Select(i => Node.StartAsync(
            ["-url", $"http://127.0.0.1:{ports[(i + 1) % count]}/", "-webaddr", $"127.0.0.1:{ports[i]}", "-dir", folder.Combine($"cache{i}")], Now, ProbesEndAtTheNext)));
        try
        {
            using var response = await nodes[0].Client.GetAsync("film.mp4", Now);
            Assert.Equal(HttpStatusCode.LoopDetected, response.StatusCode);

            // Each proxy asked the next one once, for the search; the last one refused.
            Assert.Equal(1, await nodes[0].StatAsync("origin.requests", Now));
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }
}
