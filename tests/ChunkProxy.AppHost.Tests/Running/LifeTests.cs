using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.AppHost.Tests.Running;

/// <summary>From the first start to the end of the last process.</summary>
public sealed class LifeTests
{
    private const int Length = 3_000_000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_FreshFolderAndThenThatFolder_TheSecondServesFromDiskAndNothingIsLeftBehind()
    {
        using var state = new TemporaryFolder();
        IReadOnlyList<int> first;
        string[] options = ["--Cluster:Nodes", "0"]; // the front end owns the same chunks on any port
        await using (var cluster = await RunningCluster.StartAsync(state.Path, environment: null, options, Cancelled))
        {
            Assert.True(FilmBytes.AreThere(1, await cluster.GetRangeAsync(FilmBytes.Path, 1, Length, Cancelled)));
            first = [.. cluster.Processes().SelectMany(ProcessTree.Of)];
            Assert.NotEmpty(first);
        }

        await Gone.WhenAsync(first, Cancelled);
        Assert.NotEmpty(Directory.EnumerateFiles(state.Path, "*", SearchOption.AllDirectories));

        await using var again = await RunningCluster.StartAsync(state.Path, environment: null, options, Cancelled);
        Assert.True(FilmBytes.AreThere(1, await again.GetRangeAsync(FilmBytes.Path, 1, Length, Cancelled)));
        Assert.True((await again.ReadsBySourceAsync(Cancelled))["disk"] > 0);
    }

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
