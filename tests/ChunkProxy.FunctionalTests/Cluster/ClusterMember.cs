using ChunkProxy.Testing.Faults;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A node of a cluster: its place in the membership and its disk outlive its processes.</summary>
internal sealed class ClusterMember : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyList<string> _arguments;
    private readonly Dictionary<string, string?> _environment;
    private readonly string? _workingFolder;
    private Node? _node;

    /// <param name="arguments">All flags but <c>-dir</c> and <c>-pooladdr</c>.</param>
    /// <param name="settings">Settings that have no flag.</param>
    /// <param name="isBehindProxy">Its peers reach it through <see cref="Proxy"/>.</param>
    /// <param name="workingFolder">Its working directory, with a settings file for example; null: that of the tests.</param>
    public ClusterMember(IEnumerable<string> arguments, IEnumerable<(string Key, string Value)> settings, bool isBehindProxy, string? workingFolder = null)
    {
        _workingFolder = workingFolder;
        _environment = settings.ToDictionary(setting => Setting.InEnvironment(setting.Key), setting => (string?)setting.Value);
        var port = FreePort.Next();
        if (isBehindProxy)
        {
            _environment[Setting.InEnvironment("PoolListen")] = $"127.0.0.1:{port}";
            Proxy = FaultProxy.Start(port);
            port = Proxy.Port;
        }

        Id = $"127.0.0.1:{port}";
        _arguments = [.. arguments, "-pooladdr", Id, "-dir", _folder.Combine("cache")];
    }

    /// <summary>Its pool address, as its peers know it.</summary>
    public string Id { get; }

    /// <summary>Further flags of the processes that start from now on.</summary>
    public IReadOnlyList<string> MoreArguments { get; set; } = [];

    /// <summary>The limit of open files of the processes that start from now on; null for that of the tests.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Its <c>-dir</c>.</summary>
    public string CacheFolder => _folder.Combine("cache");

    /// <summary>Only for a member that was made so.</summary>
    public FaultProxy? Proxy { get; }

    public Node Node => _node ?? throw new InvalidOperationException("The member is not running.");

    /// <summary>Starts it, again too after it has ended.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">In place of the member's own, for this process alone.</param>
    public async Task StartAsync(CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        if (_node is { } last)
        {
            _node = null;
            await last.DisposeAsync();
        }

        var environment = new Dictionary<string, string?>(_environment);
        foreach (var (key, value) in settings)
        {
            environment[Setting.InEnvironment(key)] = value;
        }

        _node = await Node.StartAsync([.. _arguments, .. MoreArguments], cancellationToken, environment, _workingFolder, OpenFiles);
    }

    /// <summary>Starts members each of which lists all of them; returns the flag with the list.</summary>
    public static async Task<IReadOnlyList<string>> StartListedAsync(IReadOnlyList<ClusterMember> members, CancellationToken cancellationToken)
    {
        string[] peers = ["-poolpeers", string.Join(',', members.Select(member => member.Id))];
        foreach (var member in members)
        {
            member.MoreArguments = peers;
        }

        await Task.WhenAll(members.Select(member => member.StartAsync(cancellationToken)));
        return peers;
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is { } node)
        {
            await node.DisposeAsync();
        }

        if (Proxy is { } proxy)
        {
            await proxy.DisposeAsync();
        }

        _folder.Dispose();
    }
}
