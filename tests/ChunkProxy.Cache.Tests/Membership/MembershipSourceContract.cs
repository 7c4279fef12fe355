using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>The contract of every membership source.</summary>
public abstract class MembershipSourceContract
{
    protected const string A = "10.0.0.1:7070";
    protected const string B = "10.0.0.2:7070";

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Makes a source for a process of the test's one cluster, whose members are A and B.</summary>
    private protected abstract IMembershipSource Create(Member? self);

    [Fact]
    public async Task Owners_BeforeTheStart_HoldSelf()
    {
        var self = new Member(A);
        await using var source = Create(self);

        Assert.Same(self, source.Self);
        Assert.Same(self, source.Owners.Epoch.Find(A));
    }

    [Fact]
    public async Task Owners_OfTwoMembersAndAFrontEnd_BecomeEqual()
    {
        await using var a = Create(new Member(A));
        await using var b = Create(new Member(B));
        await using var frontEnd = Create(null);
        await Task.WhenAll(a.StartAsync(Cancelled), b.StartAsync(Cancelled), frontEnd.StartAsync(Cancelled));

        await Task.WhenAll(SeesBothAsync(a), SeesBothAsync(b), SeesBothAsync(frontEnd));

        Assert.Equal(a.Owners.Epoch.Number, b.Owners.Epoch.Number);
        Assert.Equal(a.Owners.Epoch.Number, frontEnd.Owners.Epoch.Number);
        Assert.Null(frontEnd.Self);
    }

    [Fact]
    public async Task Owners_AnyTimeAfterAChange_AreTheOnesToldLast()
    {
        await using var a = Create(new Member(A));
        var told = a.Owners;
        a.Changed += owners => told = owners;
        await a.StartAsync(Cancelled);
        await using var b = Create(new Member(B));
        await b.StartAsync(Cancelled);

        await SeesBothAsync(a);

        Assert.Same(a.Owners, told);
    }

    [Fact]
    public async Task LeaveAsync_Twice_Harmless()
    {
        await using var a = Create(new Member(A));
        await a.StartAsync(Cancelled);

        await a.LeaveAsync(Cancelled);
        await a.LeaveAsync(Cancelled);

        Assert.NotNull(a.Owners.OwnerOf(1, 1));
    }

    [Fact]
    public async Task LeaveAsync_OwnsNothing_Harmless()
    {
        await using var frontEnd = Create(null);
        await frontEnd.StartAsync(Cancelled);

        await frontEnd.LeaveAsync(Cancelled);
    }

    [Fact]
    public async Task DisposeAsync_TwiceOrWithoutAStart_Harmless()
    {
        var started = Create(new Member(A));
        await started.StartAsync(Cancelled);
        await started.DisposeAsync();
        await started.DisposeAsync();
        await started.LeaveAsync(Cancelled);

        await Create(new Member(A)).DisposeAsync();
    }

    private static async Task SeesBothAsync(IMembershipSource source)
    {
        var changed = new ChangeSignal();
        source.Changed += _ => changed.Raise();
        await changed.UntilAsync(
            () => source.Owners.Epoch.Members.Select(member => member.Id).SequenceEqual([A, B]), $"{source.Self} to see both", Cancelled);
    }
}
