using Authpb;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Testing.Etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Net.Client;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class EtcdSecurityTests
{
    private const string A = "10.0.0.1:7070";
    private const string B = "10.0.0.2:7070";
    private const string Cluster = "clusters/banana";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tls_AuthorityInCaFile_Joins()
    {
        await using var etcd = await SecureEtcdServer.StartAsync(Cancelled);
        var options = EtcdMember.Patient();
        options.CaFile = etcd.CaFile;
        await using var a = await EtcdMember.StartAsync(A, Cluster, options, etcd.Url);
        await using var b = await EtcdMember.StartAsync(B, Cluster, options, etcd.Url);

        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));
    }

    [Fact]
    public async Task Tls_CertificateOfAnotherAuthority_RefusedAndTheReasonSaid()
    {
        await using var etcd = await SecureEtcdServer.StartAsync(Cancelled);
        var options = EtcdMember.Patient();
        options.CaFile = etcd.StrangersCaFile;
        await using var a = await EtcdMember.StartAsync(A, Cluster, options, etcd.Url);

        await a.LoggedAsync("EtcdUnavailable");

        Assert.Contains("SSL", a.Source.Health.Problem, StringComparison.Ordinal);
        Assert.Equal(CoordinationState.NeverSeen, a.Source.Health.State);
    }

    [Fact]
    public async Task Password_Right_JoinsAndLeaves()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await RequirePasswordAsync(etcd, "secret");
        await using var a = await EtcdMember.StartAsync(A, Cluster, WithPassword("secret"), etcd.Url);
        await using var b = await EtcdMember.StartAsync(B, Cluster, WithPassword("secret"), etcd.Url);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));
        await b.UntilAsync(() => b.Source.Health.Registered, "b to be registered");

        await b.Source.LeaveAsync(Cancelled);

        await a.SeesAsync(A);
        Assert.Equal(1, b.Log.Count("LeftCluster"));
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public async Task Password_WrongOrNone_RefusedAndTheReasonSaidOnce(string? password)
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await RequirePasswordAsync(etcd, "secret");
        await using var a = await EtcdMember.StartAsync(A, Cluster, password is null ? EtcdMember.Patient() : WithPassword(password), etcd.Url);

        await a.LoggedAsync("SessionEnded", times: 4);

        Assert.Equal(1, a.Log.Count("EtcdUnavailable"));
        Assert.Contains(password is null ? "user name" : "authentication failed", a.Source.Health.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permission_ToReadOnly_NotTakenForConnected()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await RequirePasswordAsync(etcd, "secret", Permission.Types.Type.Read);
        await using var a = await EtcdMember.StartAsync(A, Cluster, WithPassword("secret"), etcd.Url);
        await using var frontEnd = await EtcdMember.StartAsync(null, Cluster, WithPassword("secret"), etcd.Url);

        await a.LoggedAsync("EtcdUnavailable");
        await frontEnd.LoggedAsync("EtcdAvailable");

        Assert.Contains("permission denied", a.Source.Health.Problem, StringComparison.Ordinal);
        Assert.False(a.Source.Health.Registered);
        Assert.Equal(CoordinationState.Connected, frontEnd.Source.Health.State);
    }

    [Fact]
    public async Task EnableAuthentication_FreshEtcd_MembersJoinAndStrangersDoNot()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.StartAsync(A, Cluster, Enabling(), etcd.Url);
        await using var b = await EtcdMember.StartAsync(B, Cluster, Enabling(), etcd.Url); // at the same time

        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));

        Assert.Contains("400", (await Assert.ThrowsAsync<HttpRequestException>(() => etcd.DeleteAsync($"{Cluster}/", Cancelled))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnableAuthentication_EtcdRestartsAndLosesItsData_IsEnabledAgain()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        await using var a = await EtcdMember.StartAsync(A, Cluster, Enabling(), etcd.Url);
        await a.UntilAsync(() => a.Source.Health.Registered, "a to be registered");

        await etcd.StopAsync();
        await etcd.StartAgainAsync(Cancelled);
        await using var b = await EtcdMember.StartAsync(B, Cluster, Enabling(), etcd.Url);
        await Task.WhenAll(a.SeesAsync(A, B), b.SeesAsync(A, B));

        await etcd.WipeAsync(Cancelled);
        await using var c = await EtcdMember.StartAsync("10.0.0.3:7070", Cluster, Enabling(), etcd.Url);
        await Task.WhenAll(a.SeesAsync(A, B, "10.0.0.3:7070"), c.SeesAsync(A, B, "10.0.0.3:7070"));
        await Assert.ThrowsAsync<HttpRequestException>(() => etcd.DeleteAsync($"{Cluster}/", Cancelled));
    }

    [Fact]
    public async Task EnableAuthentication_AStrangerHasMadeUsers_LosesThem()
    {
        await using var etcd = await EtcdServer.StartAsync(Cancelled);
        using var channel = GrpcChannel.ForAddress(etcd.Url);
        var auth = new Auth.AuthClient(channel);
        await auth.UserAddAsync(new AuthUserAddRequest { Name = "root", Password = "of a stranger" }, cancellationToken: Cancelled);
        await auth.RoleAddAsync(new AuthRoleAddRequest { Name = "root" }, cancellationToken: Cancelled);
        await auth.UserAddAsync(new AuthUserAddRequest { Name = "another", Password = "of a stranger" }, cancellationToken: Cancelled);
        await auth.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = "another", Role = "root" }, cancellationToken: Cancelled);
        await using var a = await EtcdMember.StartAsync(A, Cluster, Enabling(), etcd.Url);
        await a.UntilAsync(() => a.Source.Health.Registered, "a to be registered");

        foreach (var user in new[] { "root", "another" })
        {
            await Assert.ThrowsAsync<Grpc.Core.RpcException>(
                () => auth.AuthenticateAsync(new AuthenticateRequest { Name = user, Password = "of a stranger" }, cancellationToken: Cancelled).ResponseAsync);
        }
    }

    private static EtcdOptions Enabling()
    {
        var options = WithPassword("a secret of the etcd");
        options.Username = "root";
        options.EnableAuthentication = true;
        return options;
    }

    private static EtcdOptions WithPassword(string password)
    {
        var options = EtcdMember.Patient();
        options.Username = "cache";
        options.Password = password;
        return options;
    }

    /// <summary>Enables etcd's authentication, with a user "cache" who has only this permission below the cluster's prefix.</summary>
    private static async Task RequirePasswordAsync(EtcdServer etcd, string password, Permission.Types.Type permission = Permission.Types.Type.Readwrite)
    {
        using var channel = GrpcChannel.ForAddress(etcd.Url);
        var auth = new Auth.AuthClient(channel);
        await auth.RoleAddAsync(new AuthRoleAddRequest { Name = "root" }, cancellationToken: Cancelled);
        await auth.UserAddAsync(new AuthUserAddRequest { Name = "root", Password = "root" }, cancellationToken: Cancelled);
        await auth.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = "root", Role = "root" }, cancellationToken: Cancelled);
        await auth.RoleAddAsync(new AuthRoleAddRequest { Name = "member" }, cancellationToken: Cancelled);
        var below = new Permission
        {
            PermType = permission,
            Key = ByteString.CopyFromUtf8(Cluster + "/"),
            RangeEnd = ByteString.CopyFromUtf8(Cluster + "0"),
        };
        await auth.RoleGrantPermissionAsync(new AuthRoleGrantPermissionRequest { Name = "member", Perm = below }, cancellationToken: Cancelled);
        await auth.UserAddAsync(new AuthUserAddRequest { Name = "cache", Password = password }, cancellationToken: Cancelled);
        await auth.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = "cache", Role = "member" }, cancellationToken: Cancelled);
        await auth.AuthEnableAsync(new AuthEnableRequest(), cancellationToken: Cancelled);
    }
}
