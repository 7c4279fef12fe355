using ChunkProxy.Cache.Membership;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Faults;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>etcd loses what it knew, hangs, or is cut off from a member. Each test has its own etcd.</summary>
public sealed class EtcdLossTests
{
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";
    private const string C = "10.0.0.3:7070";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wiped_NobodyIsDroppedAndAllRegisterAgain()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.JoinAsync(etcd, A);
        await using var b = await EtcdMember.JoinAsync(etcd, B);
        await using var c = await EtcdMember.JoinAsync(etcd, C);
        await using var frontEnd = await EtcdMember.JoinAsync(etcd, null);
        EtcdMember[] all = [a, b, c, frontEnd];
        await Task.WhenAll(all.Select(member => member.SeesAsync(A, B, C)));
        var told = all.Select(member => member.Told.Count).ToArray();

        await etcd.WipeAsync(Cancelled);

        await Task.WhenAll(all.Take(3).Select(member => member.LoggedAsync("Registered", times: 2)));
        await using var late = await EtcdMember.JoinAsync(etcd, null);
        await late.SeesAsync(A, B, C);
        Assert.Equal(told, all.Select(member => member.Told.Count));
        Assert.Contains(all, member => member.Log.Count("EtcdRevisionDecreased") == 1);
    }

    [Fact]
    public async Task WipedAndAMemberSlowToRegisterAgain_ThatOneIsNotDropped()
    {
        var options = new EtcdOptions { LeaseTtl = TimeSpan.FromSeconds(30), ReconcileInterval = TimeSpan.FromMinutes(10) };
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var line = FaultProxy.Start(etcd.Port);
        await using var a = await EtcdMember.StartAsync(A, EtcdMember.Cluster, options, etcd.Url);
        await using var slow = await EtcdMember.StartAsync(B, EtcdMember.Cluster, options, $"http://127.0.0.1:{line.Port}");
        await Task.WhenAll(a.SeesAsync(A, B), slow.SeesAsync(A, B));

        line.Mode = FaultMode.Stall;
        await etcd.WipeAsync(Cancelled);
        await a.LoggedAsync("Registered", times: 2);
        await using var c = await EtcdMember.StartAsync(C, EtcdMember.Cluster, options, etcd.Url);

        // etcd has a and c only. Since a sees c, its view after the wipe was applied.
        await a.SeesAsync(A, B, C);
        await c.SeesAsync(A, C);
        Assert.Equal(2, a.FewestTold());

        line.Mode = FaultMode.Pass;
        await Task.WhenAll(c.SeesAsync(A, B, C), slow.SeesAsync(A, B, C));
    }

    [Fact]
    public async Task WipedAndAMemberGone_ThatOneIsDroppedWhenItsTimeToRegisterIsOver()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.JoinAsync(etcd, A);
        var b = await EtcdMember.JoinAsync(etcd, B);
        await a.SeesAsync(A, B);
        await etcd.StopAsync();
        await b.DisposeAsync();

        await etcd.WipeAsync(Cancelled);

        await a.SeesAsync(A);
    }

    [Fact]
    public async Task PausedForLongerThanALease_NobodyIsDropped()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        var options = EtcdMember.Hasty();
        await using var a = await EtcdMember.StartAsync(A, EtcdMember.Cluster, options, etcd.Url);
        await using var b = await EtcdMember.StartAsync(B, EtcdMember.Cluster, options, etcd.Url);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));
        await Task.WhenAll(a.UntilAsync(() => a.Source.Health.Registered, "a"), b.UntilAsync(() => b.Source.Health.Registered, "b"));

        etcd.Pause();
        await Task.WhenAll(a.LoggedAsync("EtcdUnavailable"), b.LoggedAsync("EtcdUnavailable"));
        await Task.Delay(options.LeaseTtl, TimeProvider.System, Cancelled); // not a wait for something: the length of the outage is the case
        etcd.Resume();
        await Task.WhenAll(a.LoggedAsync("EtcdAvailable", times: 2), b.LoggedAsync("EtcdAvailable", times: 2));
        await using var c = await EtcdMember.StartAsync(C, EtcdMember.Cluster, options, etcd.Url);

        await Task.WhenAll(a.SeesAsync(A, B, C), b.SeesAsync(A, B, C), c.SeesAsync(A, B, C));
        Assert.Equal(2, a.FewestTold());
        Assert.Equal(2, b.FewestTold());
    }

    [Fact]
    public async Task AddressTakenDuringAPartition_SaidWhenItIsOver()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var line = FaultProxy.Start(etcd.Port);
        await using var first = await EtcdMember.StartAsync(A, EtcdMember.Cluster, EtcdMember.Hasty(), $"http://127.0.0.1:{line.Port}");
        await first.UntilAsync(() => first.Source.Health.Registered, "the first to be registered");
        line.Mode = FaultMode.Stall;
        await first.LoggedAsync("EtcdUnavailable");
        await using var second = await EtcdMember.JoinAsync(etcd, A);
        await second.LoggedAsync("Registered");

        line.Mode = FaultMode.Pass;

        await first.LoggedAsync("AddressTaken");
        await first.LoggedAsync("EtcdAvailable", times: 2);
        Assert.Contains("same pool address", first.Source.Health.Problem, StringComparison.Ordinal);
        Assert.True(second.Source.Health.Registered);
        Assert.Equal(0, second.Log.Count("AddressTaken"));
    }
}
