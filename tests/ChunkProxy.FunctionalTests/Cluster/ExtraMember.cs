using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member for one test.</summary>
internal sealed class ExtraMember(EtcdServer etcd, EtcdCluster cluster, ClusterMember member) : IAsyncDisposable
{
    public string Id => member.Id;

    public Node Node => member.Node;

    /// <summary>Ends it if it runs, and returns when all others have seen that it left.</summary>
    public async ValueTask DisposeAsync()
    {
        cluster.Members.Remove(member);
        await member.DisposeAsync();
        await etcd.DeleteAsync(cluster.MembersPrefix + member.Id, CancellationToken.None); // a killed one would stay there for a minute
        await Task.WhenAll(cluster.Members.Select(other => other.Node).Concat(cluster.FrontEnds).Select(node => node.WhenLineAsync(
            line => line.Contains($"{member.Id} left", StringComparison.Ordinal), $"{member.Id} left", CancellationToken.None)));
    }
}
