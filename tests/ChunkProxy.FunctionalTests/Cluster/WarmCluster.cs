using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>The origin traffic of three nodes that each read everything three times, and of a fourth that joins.</summary>
/// <remarks>One run for all tests that look at its figures.</remarks>
public sealed class WarmCluster : IAsyncLifetime
{
    public const int Chunks = 1000;
    public const int ChunkSize = 16 * 1024;
    public const long Size = (long)Chunks * ChunkSize;

    /// <summary>Bytes that the origin sent while three nodes read everything three times.</summary>
    public long CostOfThree { get; private set; }

    /// <summary>Chunks that each of three nodes retrieved: those it owns.</summary>
    public IReadOnlyList<long> Shares { get; private set; } = [];

    /// <summary>Bytes that the origin sent from the fourth node's start on, everything read through it and another.</summary>
    public long CostOfFourth { get; private set; }

    /// <summary>Chunks that the fourth retrieved: those that moved to it.</summary>
    public long Moved { get; private set; }

    public async ValueTask InitializeAsync()
    {
        var stop = CancellationToken.None;
        await using var etcd = await EtcdServer.StartAsync(stop);
        await using var cluster = new EtcdCluster(etcd) { Arguments = "-size-c 16KiB", Settings = EtcdCluster.NobodyHangs };
        var film = cluster.Origin.Add("/film.mp4", Size);
        await cluster.AddAsync(3, stop);

        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(cluster.Members.Select(member => member.Node.VerifyAsync(film, stop)));
        }

        await film.WhenIdleAsync(stop);
        CostOfThree = film.BodyBytesSent;
        Shares = await FillsAsync(cluster);

        await cluster.AddAsync(1, stop);
        await cluster.Members[^1].Node.VerifyAsync(film, stop);
        await cluster.Members[0].Node.VerifyAsync(film, stop);
        await film.WhenIdleAsync(stop);
        CostOfFourth = film.BodyBytesSent - CostOfThree;
        Moved = (await FillsAsync(cluster))[^1];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<IReadOnlyList<long>> FillsAsync(EtcdCluster cluster) =>
        await Task.WhenAll(cluster.Members.Select(member => member.Node.StatAsync("fills.byOutcome.completed", CancellationToken.None)));
}
