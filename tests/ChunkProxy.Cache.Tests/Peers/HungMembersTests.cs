using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>Several members that hang at the same time cost the wait for one of them, and a ping's for all others together.</summary>
public sealed class HungMembersTests
{
    private const long Size = 3 * MiB;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Find_AllCandidatesHang_OneIsAskedAndTheOthersPingedAtTheSameTime()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var hung = await HungMembers.StartAsync(3, Stop);
        await using var front = hung.FrontEnd(origin);

        await front.FindAsync("/film", 0, Stop);

        Assert.Equal([1, 0, 0], hung.InOrder("/film", 0).Select(peer => peer.TimesAsked(PoolProtocol.ObjectPath)));
        Assert.All(hung.Peers, peer => Assert.True(front.Breakers.IsOpen(peer.Id)));
    }

    [Fact]
    public async Task Read_AllCandidatesHang_OneIsAskedAndTheOthersPingedAtTheSameTime()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var hung = await HungMembers.StartAsync(3, Stop);
        await using var front = hung.FrontEnd(origin);
        await using var other = new Engine(origin);
        var version = await other.FindAsync("/film", 0, Stop);

        await front.ReadAsync(version, new ByteRange(MiB, MiB + KiB), Stop);

        Assert.Equal([1, 0, 0], hung.InOrder("/film", 1).Select(peer => peer.TimesAsked(PoolProtocol.ChunkPath)));
    }

    [Fact]
    public async Task Read_NearCopyAndAllCandidatesHang_OneIsAskedAndTheOthersPingedAtTheSameTime()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        await using var hung = await HungMembers.StartAsync(3, Stop);
        await using var front = hung.FrontEnd(origin, ("NearCopies:Threshold", "1"));
        await using var other = new Engine(origin);
        var version = await other.FindAsync("/film", 0, Stop);

        await front.ReadAsync(version, new ByteRange(MiB, MiB + KiB), Stop);

        Assert.Equal([1, 0, 0], hung.InOrder("/film", 1).Select(peer => peer.TimesAsked(PoolProtocol.ChunkPath)));
    }

    [Fact]
    public async Task Find_HostsOfAllCandidatesAreGone_CountAsSilentSoThatTheOthersArePinged()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Size);
        DeafPort[] hosts = [new(), new(), new()];
        var membership = new ScriptedMembership(self: null);
        membership.Set(hosts.Select(host => host.Id));
        await using var front = new Engine(
            origin,
            time: null,
            membership,
            ("Peers:ConnectTimeout", "00:00:00.100"),
            ("Peers:PingTimeout", "00:00:00.100"),
            ("Peers:Silence", "00:01:00"), // the time-out of the connection comes first
            ("PoolAddr", "none"),
            ("Coord", "http://127.0.0.1:1"));

        await front.FindAsync("/film", 0, Stop);

        Assert.All(hosts, host => Assert.Equal(PeerReadOutcome.Silent, front.Breakers.Open[host.Id]));
        Array.ForEach(hosts, host => host.Dispose());
    }

    [Fact]
    public async Task Find_FormerOwnersHang_OneIsAskedAndTheOthersPingedAtTheSameTime()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var hung = await HungMembers.StartAsync(2, Stop);
        await using var joined = hung.Joined(origin);
        var path = Enumerable.Range(0, 1000).Select(i => $"/film{i}").First(it => joined.View.Owns(joined.At(it), 0) && joined.View.MembersThatMayHold(joined.At(it), 0).Count() == 2);
        origin.Add(path, Size);
        var formerOwners = joined.View.MembersThatMayHold(joined.At(path), 0).Select(member => hung.Peers.Single(peer => peer.Id == member.Id)).ToList();

        await joined.FindAsync(path, 0, Stop);

        Assert.Equal([1, 0], formerOwners.Select(peer => peer.TimesAsked(PoolProtocol.ObjectPath + ScriptedPeer.CachedOnly)));
        Assert.All(hung.Peers, peer => Assert.True(joined.Breakers.IsOpen(peer.Id)));
    }

    private sealed class HungMembers : IAsyncDisposable
    {
        private readonly ScriptedMembership _membership = new(self: null);
        private Engine? _front;

        public List<ScriptedPeer> Peers { get; } = [];

        public static async Task<HungMembers> StartAsync(int count, CancellationToken cancellationToken)
        {
            var members = new HungMembers();
            for (var i = 0; i < count; i++)
            {
                members.Peers.Add(await ScriptedPeer.StartAsync(ScriptedPeer.HangAsync, cancellationToken));
            }

            members._membership.Set(members.Peers.Select(peer => peer.Id));
            return members;
        }

        /// <summary>A process that owns nothing and reads through them.</summary>
        public Engine FrontEnd(ScriptedOrigin origin, params (string Key, string Value)[] more) => _front = new(
            origin,
            time: null,
            _membership,
            [("Peers:Silence", "00:00:00.050"), ("Peers:PingTimeout", "00:00:00.100"), .. more, ("PoolAddr", "none"), ("Coord", "http://127.0.0.1:1")]);

        /// <summary>A member that has just joined the first of them. The second one is drained.</summary>
        public Engine Joined(ScriptedOrigin origin)
        {
            var membership = new ScriptedMembership(new Member($"127.0.0.1:{FreePort.Next()}"));
            membership.Set(Peers[0].Id);
            membership.Set(Peers[0].Id, membership.Self!.Id);
            membership.Drained = [new Member(Peers[1].Id)];
            return _front = new(
                origin,
                time: null,
                membership,
                ("Peers:Silence", "00:00:00.050"),
                ("Peers:PingTimeout", "00:00:00.100"),
                ("PoolAddr", membership.Self.Id),
                ("Coord", "http://127.0.0.1:1"));
        }

        /// <summary>Those that are to be asked for a chunk: its owner first.</summary>
        public IEnumerable<ScriptedPeer> InOrder(string path, long index)
        {
            var ranked = new Member[Peers.Count];
            _membership.Owners.Rank(_front!.At(path).Hash, index, ranked);
            return ranked.Select(member => Peers.Single(peer => peer.Id == member.Id));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var peer in Peers)
            {
                await peer.DisposeAsync();
            }
        }
    }
}
