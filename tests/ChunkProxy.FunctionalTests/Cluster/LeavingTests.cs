namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member of a dynamic cluster (<c>-coord</c>) that stops.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class LeavingTests(SharedCluster shared)
{
    private const int Size = (6 * OneNode.MiB) + 4321; // 97 chunks: each member owns some

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stop_OfAMember_LeavesEtcdFirstAndHandsItsChunksOn()
    {
        var film = shared.Origin.Add(SharedNodes.FreshPath(), Size);
        await using var leaving = await shared.AddAsync(Now);
        await shared.FrontEnd.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        var before = film.BodyBytesSent;

        var exit = leaving.Node.StopAsync(Now);
        await leaving.Node.WhenLineAsync(line => line.Contains($"Left the cluster: removed {leaving.Id}", StringComparison.Ordinal), "the member left", Now);
        Assert.DoesNotContain(shared.Cluster.MembersPrefix + leaving.Id, await shared.Etcd.KeysAsync(shared.Cluster.MembersPrefix, Now));
        Assert.Equal(0, await exit);
        var offered = await leaving.Node.WhenLineAsync(line => line.Contains("Offered ", StringComparison.Ordinal), "the member offered its chunks", Now);
        await shared.FrontEnd.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);

        Assert.DoesNotContain("Offered 0 chunks", offered, StringComparison.Ordinal);
        Assert.DoesNotContain("Not all chunks", leaving.Node.Output, StringComparison.Ordinal);
        Assert.Equal(before, film.BodyBytesSent);
    }
}
