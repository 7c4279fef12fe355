using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Purging;

/// <summary>Three members with disks and a front end that owns nothing, over an origin whose object can change its bytes under one entity tag.</summary>
internal sealed class PurgeCluster : IAsyncDisposable
{
    public const string Key = "sesame-sesame-sesame";
    public const int Size = (8 * OneNode.MiB) + 4321;

    private const int ChunkSize = 256 * 1024;

    private static readonly OriginAnswer Old = new() { Size = Size, Seed = 1 };

    private readonly EtcdCluster? _etcd;
    private readonly ScriptedOrigin _origin;
    private readonly List<string> _arguments;
    private readonly List<(string Key, string Value)> _settings;

    private PurgeCluster(EtcdCluster? etcd, List<string> arguments, List<(string Key, string Value)> settings)
    {
        _etcd = etcd;
        _origin = etcd?.Origin ?? ScriptedOrigin.Start();
        _arguments = arguments;
        _settings = settings;
        Film = _origin.Add("/film.mp4", Old);
    }

    public ScriptedObject Film { get; }

    public List<ClusterMember> Members { get; private set; } = [];

    public Node FrontEnd { get; private set; } = null!;

    public IEnumerable<Node> All => Members.Select(member => member.Node).Append(FrontEnd);

    /// <summary>A static membership, or with etcd a dynamic one.</summary>
    /// <param name="etcd">Where the members find each other.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">Settings of every process, by their key below <c>ChunkProxy:</c>.</param>
    public static async Task<PurgeCluster> StartAsync(EtcdServer? etcd, CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        const string Arguments = "-size-c 256KiB -size-m 64 -adminkey " + Key;
        (string, string)[] all = [("NearCopies:Threshold", "2"), .. settings];
        var cluster = new PurgeCluster(
            etcd is null ? null : new EtcdCluster(etcd) { Arguments = Arguments, Settings = all }, [.. Arguments.Split(' ')], [.. all]);
        await cluster.StartAsync(cancellationToken);
        return cluster;
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_etcd is not null)
        {
            await _etcd.AddAsync(3, cancellationToken);
            Members = _etcd.Members;
            FrontEnd = await _etcd.AddFrontEndAsync(cancellationToken);
            return;
        }

        // The last one is reached through a proxy that can cut it off.
        Members = [.. Enumerable.Range(0, 3).Select(i => new ClusterMember(["-url", _origin.BaseAddress.ToString(), .. _arguments], _settings, isBehindProxy: i == 2))];
        string[] peers = ["-poolpeers", string.Join(',', Members.Select(member => member.Id))];
        Members.ForEach(member => member.MoreArguments = peers);
        await Task.WhenAll(Members.Select(member => member.StartAsync(cancellationToken)));
        FrontEnd = await Node.StartAsync(
            ["-url", _origin.BaseAddress.ToString(), .. _arguments, .. peers, "-pooladdr", "none", "-size-d", "0"],
            cancellationToken,
            _settings.ToDictionary(setting => Setting.InEnvironment(setting.Key), setting => (string?)setting.Value));
    }

    /// <summary>Reads everything through every node, several times; returns when every member has a part of it on disk too.</summary>
    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        var disks = Members.Select(member => new FolderWatch(member.CacheFolder)).ToList();
        await WarmMemoryAsync(cancellationToken);
        await Task.WhenAll(disks.Select(disk => disk.UntilAsync(it => it.Bytes >= ChunkSize, "every member has some of it on disk", cancellationToken)));
        disks.ForEach(disk => disk.Dispose());
    }

    /// <summary>Reads everything through every node, several times.</summary>
    public async Task WarmMemoryAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < 3; round++)
        {
            await VerifyAllAsync(cancellationToken);
        }
    }

    /// <summary>From now on the origin has other bytes under the same entity tag and date.</summary>
    public void ChangeBytes() => Film.Answer = Film.Answer with { Seed = Film.Answer.Seed + 1 };

    /// <summary>Reads everything through every node, and compares every byte with the origin's current content.</summary>
    public Task VerifyAllAsync(CancellationToken cancellationToken) => Task.WhenAll(All.Select(node => node.VerifyAsync(Film, cancellationToken, step: Size)));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in All)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(node.Output); // shown where the test has failed
        }

        if (_etcd is not null)
        {
            await _etcd.DisposeAsync();
            return;
        }

        await FrontEnd.DisposeAsync();
        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }

        await _origin.DisposeAsync();
    }
}
