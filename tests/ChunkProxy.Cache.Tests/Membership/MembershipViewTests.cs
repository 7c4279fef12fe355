using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class MembershipViewTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(10);
    private static readonly Guid Instance = Guid.NewGuid();
    private static readonly Member Self = new("a:1");
    private static readonly Member B = new("b:1");
    private static readonly Member C = new("c:1");
    private static readonly RegistrationProof Unproven = new(keys: null, prefix: "");

    private readonly MembershipView _view = new(Self, Instance, Unproven);

    [Fact]
    public void EpochAt_NothingRead_Alone() => Assert.Equal([Self], Members());

    [Fact]
    public void EpochAt_OwnsNothingAndNothingRead_Nobody() => Assert.Empty(new MembershipView(null, Instance, Unproven).EpochAt(Start).Members);

    [Fact]
    public void Apply_OlderThanTheLastRead_PassedOver()
    {
        Begin(10, Put(B, 8));

        _view.Apply(new MembershipChange(B.Id, null, 9), Start);

        Assert.Equal([Self, B], Members());
    }

    [Fact]
    public void Reconcile_OlderThanAChange_PassedOver()
    {
        Begin(10, Put(B, 8));
        _view.Apply(Put(C, 12), Start);

        Assert.False(_view.Reconcile(11, [Put(B, 8)], Start));
        Assert.Equal([Self, B, C], Members());
    }

    [Fact]
    public void Ignored_KeysOfStrangers_AreFewAndShort()
    {
        Begin(10, [.. Enumerable.Range(0, 3000).Select(i => new MembershipChange($"x{i}{new string('y', i % 2 == 0 ? 1 : 5000)}", [1], 9))]);

        Assert.Equal(1000, _view.Ignored.Count);
        Assert.All(_view.Ignored.Keys, id => Assert.InRange(id.Length, 1, 300));
        Assert.Equal([Self], Members());
    }

    [Fact]
    public void Reconcile_ChangeWasMissed_TakenOverAndTold()
    {
        Begin(10, Put(B, 8));

        Assert.True(_view.Reconcile(12, [Put(C, 11)], Start));
        Assert.False(_view.Reconcile(12, [Put(C, 11)], Start));
        Assert.Equal([Self, C], Members());
    }

    [Fact]
    public void Begin_MembersMissingAfterAnOutage_HeldUntilTheirTimeIsOver()
    {
        Begin(100, Put(B, 8), Put(C, 9));

        Assert.True(_view.Begin(3, [Put(C, 2)], Start, Start + Hold));

        Assert.Equal([Self, B, C], Members(Start + Hold - TimeSpan.FromTicks(1)));
        Assert.Equal([Self, C], Members(Start + Hold));
    }

    [Fact]
    public void Begin_HeldMemberRegistersAgain_Stays()
    {
        Begin(100, Put(B, 8));
        _view.Begin(3, [], Start, Start + Hold);

        _view.Apply(Put(B, 4), Start);

        Assert.Equal([Self, B], Members(Start + Hold));
    }

    [Fact]
    public void Apply_LeaseEndsRightAfterAnOutage_Held()
    {
        _view.Begin(100, [Put(B, 8)], Start, Start + Hold);

        _view.Apply(new MembershipChange(B.Id, null, 101), Start + TimeSpan.FromSeconds(1));

        Assert.Equal([Self, B], Members(Start + TimeSpan.FromSeconds(1)));
        Assert.Equal([Self], Members(Start + Hold));
    }

    [Fact]
    public void Apply_LeavesGracefullyRightAfterAnOutage_NotHeld()
    {
        _view.Begin(100, [Put(B, 8)], Start, Start + Hold);

        _view.Apply(Put(B, 101, leaving: true), Start);
        Assert.Equal([Self], Members());
        _view.Apply(new MembershipChange(B.Id, null, 102), Start);

        Assert.Equal([Self], Members());
    }

    [Fact]
    public void Begin_SecondOutageMuchLater_WhoLeftInBetweenStaysAway()
    {
        Begin(100, Put(B, 8), Put(C, 9));
        _view.Begin(3, [Put(C, 2)], Start, Start + Hold);

        var later = Start + (2 * Hold);
        _view.Begin(4, [], later, later + Hold);

        Assert.Equal([Self, C], Members(later));
    }

    [Fact]
    public void Leave_OthersAreThere_SelfIsNoMember()
    {
        Begin(10, Put(B, 8), Put(Self, 9, Instance));

        _view.Leave();

        Assert.Equal([B], Members());
    }

    [Fact]
    public void Rejoin_AfterLeaving_SelfIsAMemberAgain()
    {
        Begin(10, Put(B, 8), Put(Self, 9, Instance));
        _view.Leave();

        _view.Rejoin();

        Assert.Equal([Self, B], Members());
        Assert.Empty(_view.LeavingAt(Start));
    }

    [Fact]
    public void LeavingAt_KeysThatSaySo_ListsThemUntilTheyAreGone()
    {
        Begin(10, Put(C, 7, leaving: true), Put(B, 8, leaving: true));
        Assert.Equal([B, C], _view.LeavingAt(Start));
        Assert.Equal([Self], Members());

        _view.Apply(new MembershipChange(B.Id, null, 11), Start);
        _view.Apply(Put(C, 12), Start);

        Assert.Empty(_view.LeavingAt(Start));
    }

    [Fact]
    public void LeavingAt_SelfHasLeft_ListsItThoughEtcdHasNotHeard()
    {
        Begin(10, Put(B, 8), Put(Self, 9, Instance));

        _view.Leave();

        Assert.Equal([Self], _view.LeavingAt(Start));
    }

    [Fact]
    public void LeavingAt_LastMemberHasLeft_KeepsItsChunksAndIsNotListed()
    {
        Begin(10, Put(Self, 9, Instance));

        _view.Leave();

        Assert.Equal([Self], Members());
        Assert.Empty(_view.LeavingAt(Start));
    }

    [Fact]
    public void Own_PredecessorsKey_MissingUntilPut()
    {
        Begin(10, Put(Self, 9, Guid.NewGuid()));
        Assert.Equal(OwnRegistration.Missing, _view.Own);

        _view.NoteOwnPut(11);
        Assert.Equal(OwnRegistration.Pending, _view.Own);
        _view.Apply(Put(Self, 11, Instance), Start);
        Assert.Equal(OwnRegistration.Present, _view.Own);
    }

    [Fact]
    public void Own_PutByAnotherLater_TakenUntilThatOneGoes()
    {
        Begin(10);
        _view.NoteOwnPut(11);
        _view.Apply(Put(Self, 11, Instance), Start);

        _view.Apply(Put(Self, 12, Guid.NewGuid()), Start);
        Assert.Equal(OwnRegistration.TakenByAnother, _view.Own);
        _view.Apply(new MembershipChange(Self.Id, null, 13), Start);
        Assert.Equal(OwnRegistration.Missing, _view.Own);
        Assert.Equal([Self], Members());
    }

    [Fact]
    public void Own_AfterAWipe_Missing()
    {
        Begin(100, Put(B, 8));
        _view.NoteOwnPut(101);

        Begin(1);

        Assert.Equal(OwnRegistration.Missing, _view.Own);
    }

    private void Begin(long revision, params MembershipChange[] members) => _view.Begin(revision, members, Start, Start);

    private IReadOnlyList<Member> Members(TimeSpan? now = null) => _view.EpochAt(now ?? Start).Members;

    private static MembershipChange Put(Member member, long revision, Guid instance = default, bool leaving = false) =>
        new(member.Id, new MemberRegistration(member, instance, leaving).ToJson(), revision);
}
