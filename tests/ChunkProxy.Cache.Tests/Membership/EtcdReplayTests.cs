using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Testing.Etcd;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>A client of etcd without the pool key writes registrations again that a member wrote before.</summary>
public sealed class EtcdReplayTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";

    private readonly string _cluster = etcd.FreshPrefix();
    private readonly KeyRing _keys = new([new SharedSecret("a secret of the cluster")]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_DrainMarkOfTheSameProcess_IsIgnoredAndTheMemberRegistersAgain()
    {
        await using var a = await StartAsync(A);
        await using var b = await StartAsync(B);
        await a.SeesAsync(A, B);
        await b.Source.DrainAsync(Cancelled);
        await a.SeesAsync(A);
        var drained = await ValueOfAsync(B);
        await b.Source.RejoinAsync(Cancelled);
        await a.SeesAsync(A, B);
        var registered = b.Log.Count("Registered");

        await WriteAsync(B, drained);
        await b.LoggedAsync("Registered", times: registered + 1);
        await a.SeesAsync(A, B);

        Assert.Empty(a.Source.Drained);
        Assert.Equal(1, a.Log.Count("KeyIgnored"));
        Assert.Contains("replaced or removed before", a.Log.TextOf("KeyIgnored"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_RegistrationOfAPredecessor_DoesNotTakeTheAddress()
    {
        await using var a = await StartAsync(A);
        var old = await ValueOfPredecessorAsync(a);
        await WriteAsync(B, old); // while there is no such member
        await a.LoggedAsync("KeyIgnored");
        Assert.Null(a.Source.Owners.Epoch.Find(B));

        await using var b = await StartAsync(B);
        await a.SeesAsync(A, B);
        await WriteAsync(B, old); // over the new one
        await a.LoggedAsync("KeyIgnored", times: 2);
        await a.SeesAsync(A, B);
    }

    [Fact]
    public async Task Replay_RegistrationOfAPredecessorThatTheMemberNeverSaw_DoesNotTakeTheAddress()
    {
        await using var a = await StartAsync(A);
        var old = await ValueOfPredecessorAsync(a);
        await using var b = await StartAsync(B);
        await a.SeesAsync(A, B);
        var registered = b.Log.Count("Registered");
        await WriteAsync(B, old);
        await b.LoggedAsync("Registered", times: registered + 1);

        await a.SeesAsync(A, B);
    }

    // The registration of a process that was at B's address, and has left.
    private async Task<byte[]> ValueOfPredecessorAsync(EtcdMember a)
    {
        byte[] value;
        await using (var before = await StartAsync(B))
        {
            await a.SeesAsync(A, B);
            value = await ValueOfAsync(B);
            await before.Source.LeaveAsync(Cancelled);
        }

        await a.SeesAsync(A);
        return value;
    }

    private Task<EtcdMember> StartAsync(string id) => EtcdMember.StartAsync(id, _cluster, options: null, _keys, etcd.Url);

    private async Task<byte[]> ValueOfAsync(string id)
    {
        using var connection = await ConnectAsync();
        return (await connection.ReadAsync($"{_cluster}/members/", Cancelled)).Members.Single(it => it.Id == id).Json!;
    }

    private async Task WriteAsync(string id, byte[] value)
    {
        using var connection = await ConnectAsync();
        await connection.PutAsync($"{_cluster}/members/{id}", value, lease: 0, Cancelled);
    }

    private Task<EtcdConnection> ConnectAsync() => EtcdConnection.OpenAsync(new Uri(etcd.Url), EtcdMember.Patient(), TimeProvider.System, Cancelled);
}
