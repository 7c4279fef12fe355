using System.Net;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A cluster by <c>-poolpeers</c>.</summary>
public sealed class StaticClusterTests
{
    private const int Size = (40 * OneNode.MiB) + 4321;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ThroughTheTwoNodesOfTheSeedsCommands_CostsTheOriginTheObjectOnce()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film.mp4", Size);
        using var folder = new TemporaryFolder();
        var (p1, p2, w1, w2) = (FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next());
        var first = $"-url {origin.BaseAddress} -dir cache1 -pooladdr 127.0.0.1:{p1} -webaddr :{w1} -poolpeers 127.0.0.1:{p1},127.0.0.1:{p2}";
        var second = $"-url {origin.BaseAddress} -dir cache2 -pooladdr 127.0.0.1:{p2} -webaddr :{w2} -poolpeers 127.0.0.1:{p1},127.0.0.1:{p2}";
        var patient = EtcdCluster.NobodyHangs.ToDictionary(setting => Setting.InEnvironment(setting.Key), setting => (string?)setting.Value);
        var nodes = await Task.WhenAll(new[] { first, second }.Select(command => Node.StartAsync(command.Split(' '), Now, patient, folder.Path)));
        await using var one = nodes[0];
        await using var two = nodes[1];

        await Task.WhenAll(one.VerifyAsync(film, Now), two.VerifyAsync(film, Now));
        await film.WhenIdleAsync(Now);

        Assert.Equal([w1, w2], nodes.Select(node => node.Address.Port));
        Assert.InRange(film.BodyBytesSent, Size, Size * 1.05);
        Assert.All(nodes, node => Assert.True(Directory.Exists(folder.Combine(node == one ? "cache1" : "cache2"))));
        Assert.True(await one.ReadsFromPeersAsync(Now) > 0);
        Assert.True(await two.ReadsFromPeersAsync(Now) > 0);
        var exits = await Task.WhenAll(one.StopAsync(Now), two.StopAsync(Now));
        Assert.All(exits, code => Assert.Equal(0, code));
    }

    [Fact]
    public async Task Read_OwnersConnectionsAreResetInTheMiddleOfChunks_GoesOnFromTheByteReached()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film.mp4", Size);
        await using var other = new ClusterMember(["-url", origin.BaseAddress.ToString(), "-poolpeers", "127.0.0.1:1", "-size-d", "0"], [], isBehindProxy: true); // a disk would first wait for the member that does not exist
        await other.StartAsync(Now);
        await using var reader = await Node.StartAsync(["-url", origin.BaseAddress.ToString(), "-poolpeers", other.Id, "-pooladdr", "none", "-size-d", "0"], Now);

        other.Proxy!.CutAfter((5 * OneNode.MiB) + 300_000);
        await reader.VerifyAsync(film, Now, step: Size);

        Assert.True(other.Proxy.DownstreamBytes > 5 * OneNode.MiB);
        await reader.WhenLineAsync(
            line => line.Contains($"Peer {other.Id} failed (Unreachable)", StringComparison.Ordinal), "the break is told of", Now);
    }

    [Fact]
    public async Task Pool_AskedWithoutItsKey_SaysNothing()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film.mp4", Size);
        var settings = new[] { ("PoolKey", "a secret, with blanks") };
        await using var member = new ClusterMember(["-url", origin.BaseAddress.ToString(), "-poolpeers", "127.0.0.1:1"], settings, isBehindProxy: false);
        await member.StartAsync(Now);
        using var stranger = new HttpClient();

        foreach (var path in new[] { "pool/v1/chunk", "pool/v1/object", "pool/v1/ping", "pool/v1/offer", "" })
        {
            using var answer = await stranger.GetAsync(new Uri($"http://{member.Id}/{path}"), Now);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Now));
        }

        Assert.Empty(film.Requests);
    }
}
