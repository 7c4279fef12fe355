using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A pool with mutual TLS.</summary>
public sealed class PoolTlsTests
{
    private const int Size = 12 * OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_MutualTls_MembersReadFromEachOtherAndStrangersGetNoAnswer()
    {
        using var folder = new TemporaryFolder();
        using var ours = new TestAuthority();
        using var theirs = new TestAuthority();
        var authority = ours.WriteAuthority(folder.Combine("authority.pem"));
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film.mp4", Size);

        // Each lists the other. The second learns the first's address only after it has been assigned.
        (string, string)[] Settings(string name) =>
            [("PoolCertificate", ours.WriteMember(folder.Combine(name))), ("PoolAuthority", authority), .. EtcdCluster.NobodyHangs];
        string[] Flags(string peer) => ["-url", origin.BaseAddress.ToString(), "-poolpeers", peer, "-size-c", "64KiB"]; // many chunks: each owns some
        await using var owner = new ClusterMember(Flags("127.0.0.1:1"), Settings("owner.pem"), isBehindProxy: false);
        await using var reader = new ClusterMember(Flags(owner.Id), Settings("reader.pem"), isBehindProxy: false);
        await Task.WhenAll(owner.StartAsync(Now), reader.StartAsync(Now));

        await reader.Node.VerifyAsync(film, Now);

        Assert.True(await reader.Node.ReadsFromPeersAsync(Now) > 0);
        Assert.DoesNotContain("bypassing it until it recovers", reader.Node.Output, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PingAsync(owner.Id, certificate: null));
        using var foreign = X509Certificate2.CreateFromPemFile(theirs.WriteMember(folder.Combine("stranger.pem")));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PingAsync(owner.Id, foreign));
        using var member = X509Certificate2.CreateFromPemFile(folder.Combine("reader.pem"));
        Assert.Equal(HttpStatusCode.OK, await PingAsync(owner.Id, member));
    }

    [Theory]
    [InlineData("www.example", null, false)] // signed by the authority, but not a member
    [InlineData("front.example", null, true)] // a front end, by the setting
    [InlineData(null, "1.3.6.1.5.5.7.3.1", false)] // a server's
    [InlineData(null, "1.3.6.1.5.5.7.3.2", true)]
    public async Task Pool_CertificateOfTheAuthority_CountsByNameAndUsage(string? host, string? usage, bool isTaken)
    {
        using var folder = new TemporaryFolder();
        using var ours = new TestAuthority();
        (string, string)[] settings =
            [("PoolCertificate", ours.WriteMember(folder.Combine("owner.pem"))), ("PoolAuthority", ours.WriteAuthority(folder.Combine("authority.pem"))), ("PoolCertificateNames", "front.example")];
        await using var origin = ScriptedOrigin.Start();
        await using var owner = new ClusterMember(["-url", origin.BaseAddress.ToString(), "-poolpeers", "127.0.0.1:1"], settings, isBehindProxy: false);
        await owner.StartAsync(Now);
        using var certificate = X509Certificate2.CreateFromPemFile(ours.WriteMember(folder.Combine("other.pem"), host, usage));

        if (isTaken)
        {
            Assert.Equal(HttpStatusCode.OK, await PingAsync(owner.Id, certificate));
        }
        else
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => PingAsync(owner.Id, certificate));
        }
    }

    [Fact]
    public async Task Read_PeerShowsACertificateOfAnotherAuthority_IsNotTrusted()
    {
        using var folder = new TemporaryFolder();
        using var ours = new TestAuthority();
        using var theirs = new TestAuthority();
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film.mp4", Size);
        await using var impostor = new ClusterMember(
            ["-url", origin.BaseAddress.ToString(), "-poolpeers", "127.0.0.1:1"], [("PoolCertificate", theirs.WriteMember(folder.Combine("theirs.pem")))], isBehindProxy: false);
        await using var reader = new ClusterMember(
            ["-url", origin.BaseAddress.ToString(), "-poolpeers", impostor.Id, "-size-c", "64KiB"],
            [("PoolCertificate", ours.WriteMember(folder.Combine("ours.pem"))), ("PoolAuthority", ours.WriteAuthority(folder.Combine("authority.pem")))],
            isBehindProxy: false);
        await Task.WhenAll(impostor.StartAsync(Now), reader.StartAsync(Now));

        await reader.Node.VerifyAsync(film, Now);

        Assert.Equal(0, await reader.Node.ReadsFromPeersAsync(Now));
        await reader.Node.WhenLineAsync(
            line => line.Contains($"Peer {impostor.Id} failed (Unreachable)", StringComparison.Ordinal), "the reader says so", Now);
    }

    private static async Task<HttpStatusCode> PingAsync(string id, X509Certificate2? certificate)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                ClientCertificates = certificate is null ? null : [certificate],
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Issuer == TestAuthority.Name,
            },
        };
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(new Uri($"https://{id}/pool/v1/ping"), Now);
        return answer.StatusCode;
    }
}
