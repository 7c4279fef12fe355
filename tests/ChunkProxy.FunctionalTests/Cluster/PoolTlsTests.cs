using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A pool with mutual TLS.</summary>
public sealed class PoolTlsTests(TlsPool pool) : IClassFixture<TlsPool>, IDisposable
{
    private const int Size = 4 * OneNode.MiB;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_MutualTls_MembersReadFromEachOtherAndStrangersGetNoAnswer()
    {
        using var theirs = new TestAuthority();
        var film = pool.Origin.Add(SharedNodes.FreshPath(), Size);
        await using var reader = pool.Reader(("PoolCertificate", pool.Authority.WriteMember(_folder.Combine("reader.pem"))), ("PoolAuthority", pool.AuthorityFile));
        await reader.StartAsync(Now);

        await reader.Node.VerifyAsync(film, Now);

        Assert.True(await reader.Node.ReadsFromPeersAsync(Now) > 0);
        Assert.DoesNotContain("bypassing it until it recovers", reader.Node.Output, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PingAsync(pool.Member.Id, certificate: null));
        using var foreign = X509Certificate2.CreateFromPemFile(theirs.WriteMember(_folder.Combine("stranger.pem")));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PingAsync(pool.Member.Id, foreign));
        using var member = X509Certificate2.CreateFromPemFile(_folder.Combine("reader.pem"));
        Assert.Equal(HttpStatusCode.OK, await PingAsync(pool.Member.Id, member));
    }

    [Theory]
    [InlineData("www.example", null, false)] // signed by the authority, but not a member
    [InlineData("front.example", null, true)] // a front end, by the setting
    [InlineData(null, "1.3.6.1.5.5.7.3.1", false)] // a server's
    [InlineData(null, "1.3.6.1.5.5.7.3.2", true)]
    public async Task Pool_CertificateOfTheAuthority_CountsByNameAndUsage(string? host, string? usage, bool isTaken)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(pool.Authority.WriteMember(_folder.Combine("other.pem"), host, usage));

        if (isTaken)
        {
            Assert.Equal(HttpStatusCode.OK, await PingAsync(pool.Member.Id, certificate));
        }
        else
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => PingAsync(pool.Member.Id, certificate));
        }
    }

    [Fact]
    public async Task Read_PeerShowsACertificateOfAnotherAuthority_IsNotTrusted()
    {
        using var theirs = new TestAuthority();
        var film = pool.Origin.Add(SharedNodes.FreshPath(), Size);

        // The peer would answer this reader, whose certificate is of the peer's authority.
        await using var reader = pool.Reader(
            ("PoolCertificate", pool.Authority.WriteMember(_folder.Combine("ours.pem"))), ("PoolAuthority", theirs.WriteAuthority(_folder.Combine("authority.pem"))));
        await reader.StartAsync(Now);

        await reader.Node.VerifyAsync(film, Now);

        Assert.Equal(0, await reader.Node.ReadsFromPeersAsync(Now));
        await reader.Node.WhenLineAsync(
            line => line.Contains($"Peer {pool.Member.Id} failed (Unreachable)", StringComparison.Ordinal), "the reader says so", Now);
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
