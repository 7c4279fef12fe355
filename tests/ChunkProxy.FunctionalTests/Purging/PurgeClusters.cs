using ChunkProxy.Testing.Etcd;

namespace ChunkProxy.FunctionalTests.Purging;

/// <summary>A static cluster and one with etcd. Tests may pause, kill and cut off members, and leave every process as it was.</summary>
public sealed class PurgeClusters : IAsyncDisposable
{
    private readonly Dictionary<bool, PurgeCluster> _clusters = []; // by whether it is with etcd; without a lock: tests of a class run one after another

    /// <summary>Returns a cluster of three members, or with etcd of two, that all reach each other, with an object that no test has read.</summary>
    internal async Task<PurgeCluster> GetAsync(EtcdServer? etcd, CancellationToken cancellationToken)
    {
        if (!_clusters.TryGetValue(etcd is not null, out var cluster))
        {
            _clusters[etcd is not null] = cluster = await PurgeCluster.StartAsync(etcd, members: etcd is null ? 3 : 2, cancellationToken);
        }

        await cluster.BeginAsync(cancellationToken);
        return cluster;
    }

    /// <summary>Ends the clusters, so that the next test gets new ones: one that failed may have left anything.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters.Values)
        {
            await cluster.DisposeAsync();
        }

        _clusters.Clear();
    }
}
