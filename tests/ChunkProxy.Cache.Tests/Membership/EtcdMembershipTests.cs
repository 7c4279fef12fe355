using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Etcd;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>Tests on a shared etcd that stays up. Each test has its own key prefix.</summary>
public sealed class EtcdMembershipTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";
    private const string C = "10.0.0.3:7070";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StartAsync_ThreeMembers_AllSeeTheSameEpoch()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var b = await StartAsync(B, cluster);
        await using var c = await StartAsync(C, cluster);

        await Task.WhenAll(a.SeesAsync(A, B, C), b.SeesAsync(A, B, C), c.SeesAsync(A, B, C));

        Assert.Equal(a.Epoch, b.Epoch);
        Assert.Equal(a.Epoch, c.Epoch);
        Assert.Equal(CoordinationState.Connected, a.Source.Health.State);
    }

    [Fact]
    public async Task StartAsync_OtherCluster_NotSeen()
    {
        var cluster = etcd.FreshPrefix();
        await using var stranger = await StartAsync(C, cluster + "x");
        await using var a = await StartAsync(A, cluster);
        await using var b = await StartAsync(B, cluster);

        await a.SeesAsync(A, B);

        Assert.DoesNotContain(a.Told, owners => owners.Epoch.Find(C) is not null);
    }

    [Fact]
    public async Task StartAsync_MemberWithWeight_OthersKnowAllOfIt()
    {
        var cluster = etcd.FreshPrefix();
        var self = new Member(A) { Weight = 2.5, Version = "1.2.3", StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Role = MemberRole.Node };
        await using var a = new EtcdMembership(
            self, [new Uri(etcd.Url)], cluster, new KeyRing([]), EtcdMember.Patient(), TimeProvider.System, new MembershipLogRecorder(new()));
        await a.StartAsync(Cancelled);
        await using var b = await StartAsync(B, cluster);

        await b.SeesAsync(A, B);

        Assert.Equal(self, b.Source.Owners.Epoch.Find(A));
    }

    [Fact]
    public async Task DrainAsync_Member_OwnsNothingAndIsKnownToBeDrainedUntilItJoinsAgain()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var b = await StartAsync(B, cluster);
        await using var frontEnd = await StartAsync(null, cluster);
        EtcdMember[] all = [a, b, frontEnd];
        await Task.WhenAll(all.Select(member => member.SeesAsync(A, B)));

        Assert.True(await b.Source.DrainAsync(Cancelled));
        Assert.Null(b.Source.Owners.Epoch.Find(B)); // at once, before etcd has notified the others
        await Task.WhenAll(all.Select(member => member.SeesAsync(A)));
        await using var late = await StartAsync(C, cluster);
        await late.SeesAsync(A, C);

        Assert.All([.. all, late], member => Assert.Equal([B], member.Source.Drained.Select(drained => drained.Id)));
        Assert.False(b.Source.Health.Registered);

        Assert.True(await b.Source.RejoinAsync(Cancelled));
        await Task.WhenAll(new[] { a, b, late, frontEnd }.Select(member => member.SeesAsync(A, B, C)));

        Assert.All(all, member => Assert.Empty(member.Source.Drained));
        Assert.True(b.Source.Health.Registered);
    }

    [Fact]
    public async Task LeaveAsync_DrainedMember_IsGone()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var b = await StartAsync(B, cluster);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));
        await b.Source.DrainAsync(Cancelled);

        await b.Source.LeaveAsync(Cancelled);
        await using var late = await StartAsync(C, cluster);
        await late.SeesAsync(A, C);

        Assert.Empty(late.Source.Drained);
        Assert.False(await b.Source.RejoinAsync(Cancelled));
    }

    [Fact]
    public async Task StartAsync_OwnsNothing_SeesMembersAndIsNone()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var frontEnd = await StartAsync(null, cluster);

        await frontEnd.SeesAsync(A);
        await a.SeesAsync(A);

        Assert.Null(frontEnd.Source.Self);
        Assert.DoesNotContain(frontEnd.Told, owners => owners.Epoch.Members is []);
    }

    [Fact]
    public async Task LeaveAsync_Member_TheOthersDropItBeforeItsLeaseEnds()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var b = await StartAsync(B, cluster);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));
        await b.UntilAsync(() => b.Source.Health.Registered, "b to be registered");

        await b.Source.LeaveAsync(Cancelled);

        await a.SeesAsync(A);
        await b.SeesAsync(A);
        Assert.Equal(1, b.Log.Count("LeftCluster"));
        Assert.Equal(B, a.Source.Owners.PreviousEpoch!.Members[1].Id);
    }

    [Fact]
    public async Task LeaveAsync_AsTheLastMember_KeepsTheChunksToItself()
    {
        await using var a = await StartAsync(A, etcd.FreshPrefix());
        await a.UntilAsync(() => a.Source.Health.Registered, "a to be registered");

        await a.Source.LeaveAsync(Cancelled);

        Assert.Equal(A, a.Source.Owners.OwnerOf(1, 1)!.Id);
    }

    [Fact]
    public async Task DisposeAsync_WithoutLeaving_DroppedWhenTheLeaseEnds()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        var b = await StartAsync(B, cluster, EtcdMember.Hasty());
        await a.SeesAsync(A, B);

        await b.DisposeAsync();

        await a.SeesAsync(A);
    }

    [Fact]
    public async Task StartAsync_AtTheAddressOfOneThatWasKilled_NoChunkMoves()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        var killed = await StartAsync(B, cluster);
        await a.SeesAsync(A, B);
        await killed.DisposeAsync();
        var epoch = a.Epoch;

        await using var restarted = await StartAsync(B, cluster);

        await restarted.LoggedAsync("RegistrationTakenOver");
        await restarted.UntilAsync(() => restarted.Source.Health.Registered, "b to be registered again");
        Assert.Equal(epoch, a.Epoch);
        Assert.Equal(0, restarted.Log.Count("AddressTaken"));
        Assert.Null(restarted.Source.Health.Problem);
    }

    [Fact]
    public async Task StartAsync_SameAddressTwice_TheFirstSaysSoAndComesBackWhenTheSecondLeaves()
    {
        var cluster = etcd.FreshPrefix();
        await using var first = await StartAsync(A, cluster);
        await first.UntilAsync(() => first.Source.Health.Registered, "the first to be registered");
        await using var second = await StartAsync(A, cluster);

        await first.LoggedAsync("AddressTaken");
        await second.LoggedAsync("RegistrationTakenOver");
        Assert.Contains("same pool address", first.Source.Health.Problem, StringComparison.Ordinal);
        Assert.False(first.Source.Health.Registered);

        await second.Source.LeaveAsync(Cancelled);

        await first.UntilAsync(() => first.Source.Health.Registered, "the first to be registered again");
        Assert.Equal(1, first.Log.Count("AddressTaken"));
    }

    private Task<EtcdMember> StartAsync(string? id, string cluster, EtcdOptions? options = null) => EtcdMember.StartAsync(id, cluster, options, etcd.Url);
}
