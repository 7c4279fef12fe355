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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Walk_OwnerIsSilentAndOneStandInHangs_TheOtherIsNextAsSoonAsItHasAnswered(bool isHungOneFirst)
    {
        await using var origin = ScriptedOrigin.Start();
        await using var owner = await ScriptedPeer.StartAsync(ScriptedPeer.HangAsync, Stop);
        await using var hung = await ScriptedPeer.StartAsync(ScriptedPeer.HangAsync, Stop);
        await using var alive = await ScriptedPeer.StartAsync(ScriptedPeer.AnswerPingsAloneAsync, Stop);
        var membership = new ScriptedMembership(self: null);
        membership.Set(owner.Id, hung.Id, alive.Id);
        await using var front = new Engine(
            origin,
            time: null,
            membership,
            ("Peers:ConnectTimeout", "00:01:00"),
            ("Peers:PingTimeout", "00:01:00"), // longer than the test waits
            ("PoolAddr", "none"),
            ("Coord", "http://127.0.0.1:1"));
        string[] order = isHungOneFirst ? [owner.Id, hung.Id, alive.Id] : [owner.Id, alive.Id, hung.Id];
        var path = front.AnyPathWhere(id => front.Members.MembersToAsk(id, 0).Select(member => member.Id).SequenceEqual(order));
        var walk = front.Walks.ToOwners(front.At(path), 0);

        walk.Next();
        await walk.PassAsync(PeerReadOutcome.Silent, ProxyError.None, Stop);
        Assert.Equal(alive.Id, walk.Next()!.Id);

        await hung.WhenAskedAsync(PoolProtocol.PingPath, 1, Stop);
        await hung.DisposeAsync(); // its ping ends
        await walk.PassAsync(PeerReadOutcome.NotCached, ProxyError.None, Stop);
        Assert.Equal(hung.Id, walk.Next()!.Id);
        Assert.Null(walk.Next());
        Assert.Empty(owner.Asked);
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
