using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class StaticMembershipTests : MembershipSourceContract
{
    private protected override IMembershipSource Create(Member? self) => new StaticMembership(self, [B, A], TimeProvider.System);

    [Fact]
    public void Constructor_SelfNotAmongThePeers_Added() =>
        Assert.Equal([A, B], Ids(new StaticMembership(new Member(A), [B], TimeProvider.System)));

    [Fact]
    public void Constructor_PeersWrittenInOtherWays_OneMemberEach() => Assert.Equal(
        ["127.0.0.1:7070", "cache-1:7070"],
        Ids(new StaticMembership(new Member("127.0.0.1:7070"), ["LOCALHOST:7070", "Cache-1:7070", "cache-1.:7070", "127.0.0.1:7070"], TimeProvider.System)));

    [Fact]
    public void Constructor_PeersWithNames_OwnTheSameAndCarryTheNames()
    {
        var nameless = new StaticMembership(self: null, [A, B], TimeProvider.System);
        var named = new StaticMembership(self: null, [$"first={A}", $"second={B}"], TimeProvider.System);

        Assert.Equal(nameless.Owners.Epoch.Number, named.Owners.Epoch.Number);
        Assert.Equal([$"first ({A})", $"second ({B})"], named.Owners.Epoch.Members.Select(member => member.Label));
    }

    [Fact]
    public void Constructor_NoPeers_AloneAndOwnerOfAll() =>
        Assert.Equal(A, new StaticMembership(new Member(A), [], TimeProvider.System).Owners.OwnerOf(1, 1)!.Id);

    [Fact]
    public void Constructor_PeerThatIsNoAddress_Refused() =>
        Assert.Throws<FormatException>(() => new StaticMembership(new Member(A), ["cache-1"], TimeProvider.System));

    [Fact]
    public void Constructor_TheSeedsTwoCommands_EqualEpochs()
    {
        var first = new StaticMembership(new Member("127.0.0.1:7070"), ["127.0.0.1:7070", "127.0.0.1:7071"], TimeProvider.System);
        var second = new StaticMembership(new Member("127.0.0.1:7071"), ["127.0.0.1:7071", "127.0.0.1:7070"], TimeProvider.System);

        Assert.Equal(first.Owners.Epoch.Number, second.Owners.Epoch.Number);
    }

    private static IEnumerable<string> Ids(StaticMembership source) => source.Owners.Epoch.Members.Select(member => member.Id);
}
