using System.Text;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Faults;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>What members learn from etcd, and how they survive its faults.</summary>
public sealed class EtcdWatchTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";
    private const string C = "10.0.0.3:7070";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

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
        await b.LoggedAsync("EtcdUnavailable");
        Assert.Equal(CoordinationState.Away, b.Source.Health.State);
        Assert.Equal(2, b.Source.Owners.Epoch.Members.Count);

        line.Mode = FaultMode.Pass;
        await a.SeesAsync(A, B);
        await b.LoggedAsync("EtcdAvailable", times: 2);
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
        Assert.DoesNotContain(a.Told, owners => owners.Epoch.Members.Count < 2);
    }

    [Fact]
    public async Task Session_FirstEndpointDead_UsesTheNext()
    {
        var cluster = etcd.FreshPrefix();
        await using var a = await StartAsync(A, cluster);
        await using var b = await EtcdMember.StartAsync(B, cluster, EtcdMember.Patient(), "http://127.0.0.1:1", etcd.Url, "http://127.0.0.1:1");

        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));

        Assert.Equal(0, b.Log.Count("EtcdUnavailable"));
    }

    private Task<EtcdMember> StartAsync(string? id, string cluster, EtcdOptions? options = null) => EtcdMember.StartAsync(id, cluster, options, etcd.Url);

    private Task<EtcdConnection> ConnectAsync() => EtcdConnection.OpenAsync(new Uri(etcd.Url), EtcdMember.Patient(), TimeProvider.System, Cancelled);
}
