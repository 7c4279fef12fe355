using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>After a membership change, several former owners of a chunk that hang cost a read one wait.</summary>
public sealed class HungFormerOwnersTests : IAsyncLifetime
{
    private const string Chunk = PoolProtocol.ChunkPath, Object = PoolProtocol.ObjectPath, IfCached = ScriptedPeer.CachedOnly;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly List<ScriptedPeer> _hung = [];
    private ScriptedMembership _membership = null!;
    private Engine _self = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string SelfId => _membership.Self!.Id;

    [Fact]
    public async Task Find_OwnChunk_OneFormerOwnerIsAskedAndTheOtherPinged()
    {
        var path = AnyPathWhere(owner: SelfId, (_hung[0], _hung[1]));

        await _self.FindAsync(path, 0, Stop);

        Assert.Equal([1, 0, 0], _hung.Select(peer => peer.TimesAsked(Object + IfCached)));
        Assert.True(_self.Breakers.IsOpen(_hung[1].Id));
    }

    [Fact]
    public async Task Read_OwnChunk_OneFormerOwnerIsAskedAndTheOtherPinged()
    {
        var path = AnyPathWhere(owner: SelfId, (_hung[0], _hung[1]));
        var version = await VersionFromElsewhereAsync(path);

        await _self.ReadAsync(version, new ByteRange(0, KiB), Stop);

        Assert.Equal([1, 0, 0], _hung.Select(peer => peer.TimesAsked(Chunk + IfCached)));
        Assert.True(_self.Breakers.IsOpen(_hung[1].Id));
    }

    [Fact]
    public async Task Walk_OwnerIsSilent_FormerOwnersArePinged()
    {
        var path = AnyPathWhere(owner: _hung[1].Id, (_hung[0], _hung[1]));

        var walk = _self.Walks.ToOwners(_self.At(path), 0);

        Assert.Equal(_hung[1].Id, walk.Next()!.Id);
        await walk.PassAsync(PeerReadOutcome.Silent, ProxyError.None, Stop);
        await _hung[0].WhenAskedAsync(PoolProtocol.PingPath, 1, Stop);
    }

    [Fact]
    public async Task Walk_StandIn_PingsTheOtherFormerOwnersWhileItAsksTheFirst()
    {
        var path = AnyPathWhere(owner: _hung[1].Id, (_hung[0], _hung[1]));

        var walk = _self.Walks.ToFormerOwners(_self.At(path), 0);

        Assert.Equal(_hung[0].Id, walk.Next()!.Id);
        await _hung[1].WhenAskedAsync(PoolProtocol.PingPath, 1, Stop);
        await walk.PassAsync(PeerReadOutcome.Silent, ProxyError.None, Stop);
        Assert.True(_self.Breakers.IsOpen(_hung[1].Id));
        Assert.Empty(_hung[0].Asked);
    }

    [Fact]
    public async Task Walk_Owner_PingsNobodyBeforeAMemberIsSilent()
    {
        var path = AnyPathWhere(owner: SelfId, (_hung[0], _hung[1]));

        var walk = _self.Walks.ToFormerOwners(_self.At(path), 0);
        walk.Next();
        await walk.PassAsync(PeerReadOutcome.NotCached, ProxyError.None, Stop);
        walk.Next();
        await walk.PassAsync(PeerReadOutcome.Silent, ProxyError.None, Stop);

        Assert.All(_hung, peer => Assert.Empty(peer.Asked));
    }

    public async ValueTask InitializeAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            _hung.Add(await ScriptedPeer.StartAsync(ScriptedPeer.HangAsync, Stop));
        }

        var self = $"127.0.0.1:{FreePort.Next()}";
        _membership = new ScriptedMembership(new Member(self));
        _membership.Set(_hung[0].Id, _hung[2].Id);
        _membership.Set(self, _hung[1].Id, _hung[2].Id);
        _self = new Engine(
            _origin,
            time: null,
            _membership,
            ("Peers:Silence", "00:00:00.500"),
            ("Peers:PingTimeout", "00:00:00.100"),
            ("PoolAddr", self),
            ("Coord", "http://127.0.0.1:1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _self.DisposeAsync();
        foreach (var peer in _hung)
        {
            await peer.DisposeAsync();
        }

        await _origin.DisposeAsync();
    }

    private string AnyPathWhere(string owner, (ScriptedPeer First, ScriptedPeer Second) formerOwners)
    {
        var path = _self.AnyPathWhere(id => _membership.Owners.OwnerOf(id.Hash, 0)!.Id == owner
            && _self.Members.MembersThatMayHold(id, 0).Select(member => member.Id).SequenceEqual([formerOwners.First.Id, formerOwners.Second.Id]));
        _origin.Add(path, MiB);
        return path;
    }

    private async Task<ObjectVersion> VersionFromElsewhereAsync(string path)
    {
        await using var other = new Engine(_origin);
        return await other.FindAsync(path, 0, Stop);
    }
}
