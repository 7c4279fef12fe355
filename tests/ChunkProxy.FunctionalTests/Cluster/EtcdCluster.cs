using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>Nodes that find each other through etcd, over one scripted origin.</summary>
internal sealed class EtcdCluster(EtcdServer etcd) : IAsyncDisposable
{
    private readonly List<Node> _frontEnds = [];

    public ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

    /// <summary>Key prefix of this cluster.</summary>
    public string Prefix { get; } = etcd.FreshPrefix();

    public string MembersPrefix => $"{Prefix}/members/";

    public List<ClusterMember> Members { get; } = [];

    public IEnumerable<Node> FrontEnds => _frontEnds;

    /// <summary>Flags of every process.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Settings of every process that have no flag.</summary>
    public (string Key, string Value)[] Settings { get; init; } = [];

    /// <summary>
    /// Settings for tests in which no member hangs: a busy machine gets more time. With the default times, peers would bypass a member that
    /// was not scheduled for a second, and the origin would receive more requests than the test expects.
    /// </summary>
    public static (string Key, string Value)[] NobodyHangs { get; } =
    [
        ("Peers:Silence", "00:00:20"), ("Peers:ConnectTimeout", "00:00:20"), ("Peers:PingTimeout", "00:00:20"), ("Peers:HandOverTime", "00:01:00"),
        ("Purges:Lapse", "00:00:20"), ("Etcd:LeaseTtl", "00:01:00"),
    ];

    /// <summary>All flags but those that differ between processes.</summary>
    public IEnumerable<string> AllArguments =>
        ["-url", Origin.BaseAddress.ToString(), "-coord", etcd.Url, "-cluster", Prefix, .. Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>Starts this many members, and returns when each of them sees all.</summary>
    public async Task AddAsync(int count, CancellationToken cancellationToken, bool isBehindProxy = false)
    {
        var added = Enumerable.Range(0, count).Select(_ => new ClusterMember(AllArguments, Settings, isBehindProxy)).ToList();
        Members.AddRange(added);
        await Task.WhenAll(added.Select(member => member.StartAsync(cancellationToken)));
        await WhenAllKnowAsync(added, cancellationToken);
    }

    /// <summary>Starts a process that owns nothing, and returns when it sees the members.</summary>
    public async Task<Node> AddFrontEndAsync(CancellationToken cancellationToken)
    {
        var node = await Node.StartAsync(
            [.. AllArguments, "-pooladdr", "none", "-size-d", "0"], cancellationToken, Settings.ToDictionary(setting => Setting.InEnvironment(setting.Key), setting => (string?)setting.Value));
        _frontEnds.Add(node);
        await WhenKnowsAsync(node, Members, cancellationToken);
        return node;
    }

    /// <summary>Completes when every process sees that these members joined.</summary>
    public Task WhenAllKnowAsync(IReadOnlyList<ClusterMember> joined, CancellationToken cancellationToken) =>
        Task.WhenAll(
            Members.Select(member => WhenKnowsAsync(member.Node, joined.Where(other => other != member), cancellationToken))
                .Concat(_frontEnds.Select(node => WhenKnowsAsync(node, joined, cancellationToken))));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _frontEnds)
        {
            await node.DisposeAsync();
        }

        foreach (var member in Members)
        {
            await member.DisposeAsync();
        }

        await Origin.DisposeAsync();
    }

    private static async Task WhenKnowsAsync(Node node, IEnumerable<ClusterMember> members, CancellationToken cancellationToken)
    {
        foreach (var member in members)
        {
            await node.WhenLineAsync(line => line.Contains($"{member.Id} joined", StringComparison.Ordinal), $"{member.Id} joined", cancellationToken);
        }
    }
}
