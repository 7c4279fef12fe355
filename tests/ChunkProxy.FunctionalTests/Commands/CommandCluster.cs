using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary>A cluster of two, and commands that query its members.</summary>
public sealed class CommandCluster : IAsyncLifetime
{
    public const int ChunkSize = 64 * 1024;
    public const int Chunks = 40;
    public const int Size = Chunks * ChunkSize;

    private const string Key = SharedCluster.Key;

    private EtcdServer? _etcd;
    private EtcdCluster? _cluster;

    /// <summary>The node that commands query.</summary>
    public string Url => Members[0].Node.Address.ToString();

    public ScriptedOrigin Origin => _cluster!.Origin;

    internal IReadOnlyList<ClusterMember> Members => _cluster!.Members;

    public async ValueTask InitializeAsync()
    {
        _etcd = await EtcdServer.StartAsync(CancellationToken.None);
        _cluster = new EtcdCluster(_etcd) { Arguments = "-size-c 64KiB -size-m 16MiB", Settings = [("AdminKey", Key), .. EtcdCluster.NobodyHangs] };
        await _cluster.AddAsync(2, CancellationToken.None);
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

    /// <summary>Runs a command, requires the given exit code, and returns its output.</summary>
    public static Task<IReadOnlyList<string>> RunAsync(int exitCode, params IEnumerable<string> arguments) => RunAsync(exitCode, arguments, environment: null);

    /// <inheritdoc cref="RunAsync(int, IEnumerable{string})"/>
    public static Task<IReadOnlyList<string>> RunWithKeyAsync(int exitCode, params IEnumerable<string> arguments) =>
        RunAsync(exitCode, arguments, new Dictionary<string, string?> { [Setting.InEnvironment("AdminKey")] = Key });

    private static async Task<IReadOnlyList<string>> RunAsync(int exitCode, IEnumerable<string> arguments, Dictionary<string, string?>? environment)
    {
        await using var process = Node.Launch(arguments, environment);
        var code = await process.WhenExitedAsync(TestContext.Current.CancellationToken);
        Assert.True(exitCode == code, $"{code}: {string.Join('\n', process.Lines)}");
        return process.Lines;
    }
}
