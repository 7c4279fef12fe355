using ChunkProxy.Cache.Membership;
using ChunkProxy.Testing.Etcd;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>Outages of etcd. Each test has its own etcd.</summary>
public sealed class EtcdOutageTests
{
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";
    private const string C = "10.0.0.3:7070";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restarted_MembersStayAndOneThatJoinsIsSeen()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.JoinAsync(etcd, A);
        await using var b = await EtcdMember.JoinAsync(etcd, B);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));

        await etcd.StopAsync();
        await Task.WhenAll(a.LoggedAsync("EtcdUnavailable"), b.LoggedAsync("EtcdUnavailable"));
        await etcd.StartAgainAsync(Cancelled);
        await using var c = await EtcdMember.JoinAsync(etcd, C);

        await Task.WhenAll(a.SeesAsync(A, B, C), b.SeesAsync(A, B, C), c.SeesAsync(A, B, C));
        Assert.Equal(2, a.FewestTold());
        Assert.Equal(CoordinationState.Connected, a.Source.Health.State);
    }

    [Fact]
    public async Task Away_MemberDrained_OthersAreToldWhenItIsBack()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.JoinAsync(etcd, A);
        await using var b = await EtcdMember.JoinAsync(etcd, B);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));
        await etcd.StopAsync();
        await Task.WhenAll(a.LoggedAsync("EtcdUnavailable"), b.LoggedAsync("EtcdUnavailable"));

        Assert.False(await b.Source.DrainAsync(Cancelled));
        await b.SeesAsync(A);
        await etcd.StartAgainAsync(Cancelled);

        await Task.WhenAll(a.SeesAsync(A), b.SeesAsync(A));
        Assert.Equal([B], a.Source.Drained.Select(member => member.Id));
    }

    [Fact]
    public async Task Restarted_MemberKilledAfterwards_IsDropped()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.JoinAsync(etcd, A);
        var b = await EtcdMember.JoinAsync(etcd, B);
        await a.SeesAsync(A, B);
        await etcd.StopAsync();
        await etcd.StartAgainAsync(Cancelled);

        await b.DisposeAsync();

        await a.SeesAsync(A);
    }

    [Fact]
    public async Task AwayAtTheStart_AloneUntilItComesAndThenJoined()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await etcd.StopAsync();
        await using var a = await EtcdMember.JoinAsync(etcd, A);
        await using var frontEnd = await EtcdMember.JoinAsync(etcd, null);

        await Task.WhenAll(a.LoggedAsync("EtcdUnavailable"), frontEnd.LoggedAsync("EtcdUnavailable"));
        Assert.Equal(A, a.Source.Owners.OwnerOf(1, 1)!.Id);
        Assert.Equal(CoordinationState.NeverSeen, a.Source.Health.State);

        await etcd.StartAgainAsync(Cancelled);
        await using var b = await EtcdMember.JoinAsync(etcd, B);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B), frontEnd.SeesAsync(A, B));
    }

    [Fact]
    public async Task AwayWhenLeaving_LeavesAllTheSameAndSaysSo()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.JoinAsync(etcd, A);
        await using var b = await EtcdMember.JoinAsync(etcd, B);
        await b.SeesAsync(A, B);
        await b.UntilAsync(() => b.Source.Health.Registered, "b to be registered");
        await etcd.StopAsync();

        await b.Source.LeaveAsync(Cancelled);

        Assert.Null(b.Source.Owners.Epoch.Find(B));
        Assert.Equal(1, b.Log.Count("LeaveNotPublished"));
    }
}
