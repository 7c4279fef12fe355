using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A cluster of three members and a front end, in which nobody hangs, for tests of several classes. Each test reads objects of its own.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    public const string Key = "sesame-sesame-sesame";

    private EtcdCluster? _cluster;

    public ScriptedOrigin Origin => Cluster.Origin;

    internal EtcdServer Etcd { get; } = new();

    internal EtcdCluster Cluster => _cluster!;

    internal IReadOnlyList<ClusterMember> Members => Cluster.Members;

    internal Node FrontEnd { get; private set; } = null!;

    /// <summary>The node that commands query.</summary>
    internal string Url => Members[0].Node.Address.ToString();

    public async ValueTask InitializeAsync()
    {
        await Etcd.InitializeAsync();
        _cluster = NewCluster();
        await Cluster.AddAsync(3, CancellationToken.None);
        FrontEnd = await Cluster.AddFrontEndAsync(CancellationToken.None);
    }

    /// <summary>Another cluster, without members.</summary>
    internal EtcdCluster NewCluster() => new(Etcd) { Arguments = $"-size-c 64KiB -size-m 64MiB -adminkey {Key}", Settings = EtcdCluster.NobodyHangs };

    /// <summary>Starts a fourth member, which a test may end in any way: the cluster is the former one again when it is disposed of.</summary>
    internal async Task<ExtraMember> AddAsync(CancellationToken cancellationToken)
    {
        await Cluster.AddAsync(1, cancellationToken);
        return new ExtraMember(Etcd, Cluster, Members[^1]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is { } cluster)
        {
            await cluster.DisposeAsync();
        }

        await Etcd.DisposeAsync();
    }
}
