using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Cache.Tests.Pool;

/// <summary>Several engines in this process that know each other by their pool ports.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    // No member hangs here. With the default times, peers would bypass a member that is not scheduled for a second on a busy machine,
    // and the origin would receive more requests than a test expects.
    private static readonly (string Key, string Value)[] NobodyHangs =
        [("Peers:Silence", "00:00:20"), ("Peers:ConnectTimeout", "00:00:20"), ("Peers:PingTimeout", "00:00:20"), ("Peers:HandOverTime", "00:01:00"), ("Purges:Lapse", "00:00:20")];

    private readonly ScriptedOrigin _origin;
    private readonly (string Key, string Value)[] _settings;

    private TestCluster(ScriptedOrigin origin, (string Key, string Value)[] settings)
    {
        _origin = origin;
        _settings = [.. NobodyHangs, .. settings]; // of two the last counts
    }

    public List<(Engine Engine, ScriptedMembership Membership)> Nodes { get; } = [];

    public Engine this[int index] => Nodes[index].Engine;

    public static async Task<TestCluster> StartAsync(ScriptedOrigin origin, int nodes, CancellationToken cancellationToken, params (string Key, string Value)[] settings)
    {
        var cluster = new TestCluster(origin, settings);
        for (var i = 0; i < nodes; i++)
        {
            await cluster.AddAsync(cancellationToken);
        }

        cluster.AllKnowAll();
        return cluster;
    }

    public string IdOf(int index) => Nodes[index].Membership.Self!.Id;

    /// <summary>Adds a node that is not in the membership yet.</summary>
    public async Task<Engine> AddAsync(CancellationToken cancellationToken, params (string Key, string Value)[] more)
    {
        var address = $"127.0.0.1:{FreePort.Next()}";
        var membership = new ScriptedMembership(new Member(address));
        var engine = new Engine(_origin, time: null, membership, [.. _settings, .. more, ("PoolAddr", address), ("Coord", "http://127.0.0.1:1")]);
        Nodes.Add((engine, membership));
        await engine.Pool.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>Adds a node whose peers reach it through a man in the middle, and that is not in the membership yet.</summary>
    public async Task<Engine> AddBehindAsync(ManInTheMiddle man, CancellationToken cancellationToken)
    {
        var membership = new ScriptedMembership(new Member(man.Id));
        var engine = new Engine(
            _origin, time: null, membership, [.. _settings, ("PoolAddr", man.Id), ("PoolListen", $"127.0.0.1:{man.TargetPort}"), ("Coord", "http://127.0.0.1:1")]);
        Nodes.Add((engine, membership));
        await engine.Pool.StartAsync(cancellationToken);
        return engine;
    }

    /// <summary>A process that owns nothing and reads through the others.</summary>
    public Engine AddFrontEnd(params (string Key, string Value)[] more)
    {
        var membership = new ScriptedMembership(self: null);
        var engine = new Engine(_origin, time: null, membership, [.. _settings, .. more, ("PoolAddr", "none"), ("Coord", "http://127.0.0.1:1")]);
        membership.Set([.. Nodes.Select(node => node.Membership.Self!.Id)]);
        FrontEnds.Add(engine);
        return engine;
    }

    public List<Engine> FrontEnds { get; } = [];

    public void AllKnowAll() => Nodes.ForEach(node => node.Membership.Set([.. Nodes.Select(it => it.Membership.Self!.Id)]));

    public int OwnerOf(string path, long index)
    {
        var owner = Nodes[0].Membership.Owners.OwnerOf(this[0].At(path).Hash, index)!.Id;
        return Nodes.FindIndex(node => node.Membership.Self!.Id == owner);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (engine, _) in Nodes)
        {
            await engine.DisposeAsync();
        }

        foreach (var engine in FrontEnds)
        {
            await engine.DisposeAsync();
        }
    }
}
