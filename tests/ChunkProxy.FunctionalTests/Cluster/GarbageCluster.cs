using ChunkProxy.Testing.Etcd;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>One correct member, for tests that add a faulty one.</summary>
public sealed class GarbageCluster : IAsyncLifetime
{
    private EtcdServer? _etcd;
    private EtcdCluster? _cluster;

    internal EtcdCluster Cluster => _cluster!;

    internal ClusterMember Honest => Cluster.Members[0];

    public async ValueTask InitializeAsync()
    {
        _etcd = await EtcdServer.StartAsync(CancellationToken.None);
        _cluster = new EtcdCluster(_etcd) { Arguments = "-size-c 64KiB" };
        await _cluster.AddAsync(1, CancellationToken.None);
    }

    /// <summary>Registers the fake member, and returns when the correct one sees it.</summary>
    internal async Task JoinAsync(FakeMember fake, CancellationToken cancellationToken)
    {
        await _etcd!.PutAsync(KeyOf(fake), EtcdClusterTests.Registration(fake.Id, weight: 1), cancellationToken);
        await Honest.Node.WhenLineAsync(line => line.Contains($"{fake.Id} joined", StringComparison.Ordinal), "the fake member joined", cancellationToken);
    }

    internal async Task LeaveAsync(FakeMember fake, CancellationToken cancellationToken)
    {
        await _etcd!.DeleteAsync(KeyOf(fake), cancellationToken);
        await Honest.Node.WhenLineAsync(line => line.Contains($"{fake.Id} left", StringComparison.Ordinal), "the fake member left", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }

        if (_etcd is { } etcd)
        {
            await etcd.DisposeAsync();
        }
    }

    private string KeyOf(FakeMember fake) => Cluster.MembersPrefix + fake.Id;
}
