using System.Text.Json;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Purging;

/// <summary>Members with disks and a front end that owns nothing, over an origin whose objects can change their bytes under one entity tag.</summary>
internal sealed class PurgeCluster : IAsyncDisposable
{
    public const string Key = "sesame-sesame-sesame";
    public const int Size = (2 * OneNode.MiB) + 4321; // 33 chunks: each member owns some

    private const string Arguments = "-size-c 64KiB -size-m 64 -adminkey " + Key;

    private static readonly OriginAnswer Old = new() { Size = Size, Seed = 1 };

    private readonly EtcdCluster? _etcd;
    private readonly ScriptedOrigin _origin;
    private readonly (string Key, string Value)[] _settings;

    private PurgeCluster(EtcdServer? etcd, (string Key, string Value)[] settings)
    {
        _settings = settings;
        _etcd = etcd is null ? null : new EtcdCluster(etcd) { Arguments = Arguments, Settings = settings };
        _origin = _etcd?.Origin ?? ScriptedOrigin.Start();
        Film = _origin.Add(SharedNodes.FreshPath(), Old);
    }

    /// <summary>What the methods below read and change.</summary>
    public ScriptedObject Film { get; private set; }

    public List<ClusterMember> Members { get; private set; } = [];

    public Node FrontEnd { get; private set; } = null!;

    public IEnumerable<Node> All => Members.Select(member => member.Node).Append(FrontEnd);

    /// <summary>A static membership, or with etcd a dynamic one.</summary>
    /// <param name="etcd">Where the members find each other.</param>
    /// <param name="members">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="settings">Settings of every process, by their key below <c>ChunkProxy:</c>.</param>
    public static async Task<PurgeCluster> StartAsync(EtcdServer? etcd, int members, CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        var cluster = new PurgeCluster(etcd, [("NearCopies:Threshold", "2"), .. settings]);
        await cluster.StartAsync(members, cancellationToken);
        return cluster;
    }

    private async Task StartAsync(int members, CancellationToken cancellationToken)
    {
        if (_etcd is not null)
        {
            await _etcd.AddAsync(members, cancellationToken);
            Members = _etcd.Members;
            FrontEnd = await _etcd.AddFrontEndAsync(cancellationToken);
            return;
        }

        // The third is reached through a proxy that can cut it off.
        string[] arguments = ["-url", _origin.BaseAddress.ToString(), .. Arguments.Split(' ')];
        Members = [.. Enumerable.Range(0, members).Select(i => new ClusterMember(arguments, _settings, isBehindProxy: i == 2))];
        var peers = await ClusterMember.StartListedAsync(Members, cancellationToken);
        FrontEnd = await Node.StartAsync(
            [.. arguments, .. peers, "-pooladdr", "none", "-size-d", "0"],
            cancellationToken,
            _settings.ToDictionary(setting => Setting.InEnvironment(setting.Key), setting => (string?)setting.Value));
    }

    /// <summary>Begins another test: with an object of its own, and when each process reaches every member, also one that the last test paused, killed or cut off.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        Film = _origin.Add(SharedNodes.FreshPath(), Old);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience.Limit);
        foreach (var node in All)
        {
            while (!await ReachesAllAsync(node, limit.Token))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
            }
        }
    }

    /// <summary>Reads everything through every node, several times; returns when every member has a part of it on disk too.</summary>
    public async Task WarmAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Members.Select(member => member.Node.WhenStatAsync("disk.waitingBytes", waiting => waiting == 0, cancellationToken))); // of other objects
        var before = await Task.WhenAll(Members.Select(member => member.Node.StatAsync("disk.writes", cancellationToken)));
        await WarmMemoryAsync(cancellationToken);

        // One may be the record of the version.
        await Task.WhenAll(Members.Zip(before, (member, writes) => member.Node.WhenStatAsync("disk.writes", it => it >= writes + 2, cancellationToken)));
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

    private async Task<bool> ReachesAllAsync(Node node, CancellationToken cancellationToken)
    {
        using var answer = await node.PurgeAsync("/nothing", Key, cancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        var asked = json.RootElement.GetProperty("members").GetArrayLength() - (node == FrontEnd ? 1 : 0); // a front end counts itself too
        return json.RootElement.GetProperty("complete").GetBoolean() && asked == Members.Count;
    }
}
