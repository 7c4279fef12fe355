using ChunkProxy.Testing.Processes;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>A cluster without etcd. Its start takes long, so it is a class of its own, beside which others run.</summary>
public sealed class StaticClusterTests
{
    private const int Length = 3_000_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WithoutEtcd_ServesTheFilmsThroughListedOwnersWithTheirNames()
    {
        using var state = new TemporaryFolder();
        await using var cluster = await RunningCluster.StartAsync(state.Path, environment: null, ["--Servers:From", "Static", "--Cluster:Nodes", "2"], Cancelled);

        Assert.True(FilmBytes.AreThere(1, await cluster.GetRangeAsync(FilmBytes.Path, 1, Length, Cancelled)));
        Assert.True(RunningCluster.FromPeers(await cluster.ReadsBySourceAsync(Cancelled)) > 0);
        await cluster.WhenAnsweringAsync("cache-1", Cancelled);
        await cluster.WhenAnsweringAsync("cache-2", Cancelled);
        Assert.DoesNotContain(cluster.Resources, resource => resource.Name == Names.Etcd);
    }
}
