using System.Text;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Faults;

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
            self, [new Uri(etcd.Url)], cluster, KeyRing.Empty, EtcdMember.Patient(), TimeProvider.System, new MembershipLogRecorder(new()));
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
        Assert.DoesNotContain(frontEnd.Told, owners => owners.Epoch.Members.IsEmpty);
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

    [Fact]
    public async Task Watch_KeyDeletedByAnOperator_RegistersAgain()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await a.UntilAsync(() => a.Source.Health.Registered, "a to be registered");
        using var connection = await ConnectAsync();

        // Put with a lease that expires at once, so the key is deleted with it.
        var lease = await connection.GrantLeaseAsync(Cancelled);
        await connection.PutAsync($"{cluster}/members/{A}", "{}"u8.ToArray(), lease, Cancelled);
        await connection.RevokeLeaseAsync(lease, Cancelled);

        await a.LoggedAsync("Registered", times: 2);
        await a.UntilAsync(() => a.Source.Health.Registered, "a to be registered again");
    }

    [Theory]
    [InlineData("10.0.0.9:7070", "no JSON")]
    [InlineData("10.0.0.9:7070", "{\"address\":\"10.0.0.8:7070\",\"weight\":1}")]
    [InlineData("10.0.0.9:7070", "{\"address\":\"10.0.0.9:7070\",\"weight\":-1}")]
    [InlineData("nonsense", "{\"address\":\"nonsense\",\"weight\":1}")]
    public async Task Watch_KeyThatIsNoRegistration_IgnoredWithOneLine(string id, string value)
    {
        var cluster = etcd.FreshPrefix();
        var options = EtcdMember.Patient();
        options.ReconcileInterval = TimeSpan.FromSeconds(1);
        await using var a = await StartAsync(A, cluster, options);
        using var connection = await ConnectAsync();
        await connection.PutAsync($"{cluster}/members/{id}", Encoding.UTF8.GetBytes(value), 0, Cancelled);

        await a.LoggedAsync("KeyIgnored");
        await using var b = await StartAsync(B, cluster);
        await a.SeesAsync(A, B);
        await b.LoggedAsync("KeyIgnored");
        await b.Source.LeaveAsync(Cancelled);
        await a.SeesAsync(A);

        Assert.Equal(1, a.Log.Count("KeyIgnored"));
        Assert.DoesNotContain(a.Told, owners => owners.Epoch.Find(id) is not null);
    }

    [Fact]
    public async Task Watch_RegistrationsWithoutTheClustersKey_AreNoMembersAndOneWarningNamesThem()
    {
        var cluster = etcd.FreshPrefix();
        var keys = new KeyRing([new SharedSecret("a secret of the cluster")]);
        using var connection = await ConnectAsync();
        var forged = new MemberRegistration(new Member("10.0.0.8:7070") { Weight = 1000 }, Guid.NewGuid(), Leaving: false);
        await connection.PutAsync($"{cluster}/members/10.0.0.8:7070", forged.ToJson(), 0, Cancelled);
        forged = forged with { Member = new Member("10.0.0.9:7070") { Weight = 1000 } };
        await connection.PutAsync($"{cluster}/members/10.0.0.9:7070", forged.ToJson(), 0, Cancelled);

        await using var a = await EtcdMember.StartAsync(A, cluster, options: null, keys, etcd.Url);
        await using var b = await EtcdMember.StartAsync(B, cluster, options: null, keys, etcd.Url);
        await a.SeesAsync(A, B);
        await a.LoggedAsync("KeyIgnored");

        Assert.Contains("10.0.0.8:7070, 10.0.0.9:7070", a.Log.TextOf("KeyIgnored"), StringComparison.Ordinal);
        Assert.Equal(1, a.Log.Count("KeyIgnored"));
        Assert.DoesNotContain(a.Told, owners => owners.Epoch.Find("10.0.0.8:7070") is not null);
    }

    [Fact]
    public async Task Watch_DrainMarkWithoutTheClustersKey_DrainsNobody()
    {
        var cluster = etcd.FreshPrefix();
        var keys = new KeyRing([new SharedSecret("a secret of the cluster")]);
        await using var a = await EtcdMember.StartAsync(A, cluster, options: null, keys, etcd.Url);
        await using var b = await EtcdMember.StartAsync(B, cluster, options: null, keys, etcd.Url);
        await a.SeesAsync(A, B);
        using var connection = await ConnectAsync();
        var (_, registered) = await connection.ReadAsync($"{cluster}/members/", Cancelled);
        var value = Encoding.UTF8.GetString(registered.Single(it => it.Id == B).Json!);

        await connection.PutAsync($"{cluster}/members/{B}", Encoding.UTF8.GetBytes(value.Replace("\"leaving\":false", "\"leaving\":true", StringComparison.Ordinal)), 0, Cancelled);
        await a.LoggedAsync("KeyIgnored");
        await b.LoggedAsync("Registered", times: 2); // it puts its own again
        await a.SeesAsync(A, B);

        Assert.Empty(a.Source.Drained);
    }

    [Fact]
    public async Task Watch_HistoryCompacted_LaterChangesAreSeen()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var b = await StartAsync(B, cluster);
        await a.SeesAsync(A, B);

        await etcd.CompactAsync(Cancelled);
        await using var c = await StartAsync(C, cluster);

        await Task.WhenAll(a.SeesAsync(A, B, C), b.SeesAsync(A, B, C), c.SeesAsync(A, B, C));
    }

    [Fact]
    public async Task WatchAsync_FromARevisionThatWasCompacted_SaysSo()
    {
        using var connection = await ConnectAsync();
        await connection.PutAsync(etcd.FreshPrefix() + "/x", [1], 0, Cancelled);
        await connection.PutAsync(etcd.FreshPrefix() + "/x", [2], 0, Cancelled);
        await etcd.CompactAsync(Cancelled);

        var ending = await connection.WatchAsync("clusters/", 1, _ => { }, Cancelled);

        Assert.Equal(WatchEnding.Compacted, ending);
    }

    [Fact]
    public async Task Session_MemberCutOff_DroppedByTheOthersKeepsItsViewAndComesBack()
    {
        var cluster = etcd.FreshPrefix();
        await using var line = FaultProxy.Start(etcd.Port);
        await using var a = await StartAsync(A, cluster);
        await using var b = await EtcdMember.StartAsync(B, cluster, EtcdMember.Hasty(), $"http://127.0.0.1:{line.Port}");
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));

        line.Mode = FaultMode.Stall;
        await a.SeesAsync(A);
        await b.LoggedAsync("EtcdAway");
        Assert.Equal(CoordinationState.Away, b.Source.Health.State);
        Assert.Equal(2, b.Source.Owners.Epoch.Members.Length);

        line.Mode = FaultMode.Pass;
        await a.SeesAsync(A, B);
        await b.LoggedAsync("EtcdBack", times: 2);
        Assert.Equal(CoordinationState.Connected, b.Source.Health.State);
        Assert.Equal(2, b.FewestTold());
    }

    [Fact]
    public async Task Session_ConnectionsReset_NobodyNotices()
    {
        var cluster = etcd.FreshPrefix();
        await using var line = FaultProxy.Start(etcd.Port);
        await using var a = await StartAsync(A, cluster);
        await using var b = await EtcdMember.StartAsync(B, cluster, EtcdMember.Patient(), $"http://127.0.0.1:{line.Port}");
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));

        line.Mode = FaultMode.Reset;
        line.Mode = FaultMode.Pass;
        await using var c = await StartAsync(C, cluster);

        await Task.WhenAll(a.SeesAsync(A, B, C), b.SeesAsync(A, B, C));
        Assert.DoesNotContain(a.Told, owners => owners.Epoch.Members.Length < 2);
    }

    [Fact]
    public async Task Session_FirstEndpointDead_UsesTheNext()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var b = await EtcdMember.StartAsync(B, cluster, EtcdMember.Patient(), "http://127.0.0.1:1", etcd.Url, "http://127.0.0.1:1");

        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));

        Assert.Equal(0, b.Log.Count("EtcdAway"));
    }

    private Task<EtcdMember> StartAsync(string? id, string cluster, EtcdOptions? options = null) => EtcdMember.StartAsync(id, cluster, options, etcd.Url);

    private Task<EtcdConnection> ConnectAsync() => EtcdConnection.OpenAsync(new Uri(etcd.Url), EtcdMember.Patient(), TimeProvider.System, Cancelled);
}
