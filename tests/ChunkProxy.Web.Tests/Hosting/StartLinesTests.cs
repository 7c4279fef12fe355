using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Hosting;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Tests.Hosting;

public sealed class StartLinesTests
{
    [Theory]
    [InlineData(":8080", "http://[::]:8080", "http://localhost:8080/ (every address)")]
    [InlineData(":0", "http://[::]:41234", "http://localhost:41234/ (every address)")]
    [InlineData(":80", "http://[::]:80", "http://localhost:80/ (every address)")]
    [InlineData("127.0.0.1:0", "http://127.0.0.1:41234", "http://127.0.0.1:41234/")]
    [InlineData("[::1]:8080", "http://[::1]:8080", "http://[::1]:8080/")]
    public void Of_Listening_GivesAnAddressThatCanBeOpened(string webaddr, string kestrel, string expected)
    {
        Assert.True(HostPort.TryParse(webaddr, out var address));

        var lines = StartLines.Of(new CacheOptions(), new PoolOptions(), Listeners.Of(new WebOptions { WebAddr = address }, new TlsOptions(), new AdminOptions()), [], [kestrel]);

        Assert.Equal("chunkproxy: web listening on " + expected, lines.Last());
    }

    [Theory]
    [InlineData("127.0.0.1:0", "http://127.0.0.1:41235", "http://127.0.0.1:41235/_chunkproxy/")]
    [InlineData(":9090", "http://[::]:9090", "http://localhost:9090/_chunkproxy/ (every address)")]
    public void Of_AdminAddress_IsNamedAfterTheClients(string adminaddr, string kestrel, string expected)
    {
        var admin = new AdminOptions { AdminAddress = HostPort.Parse(adminaddr) };
        var web = new WebOptions { WebAddr = HostPort.Parse("127.0.0.1:80") };

        var lines = StartLines.Of(new CacheOptions(), new PoolOptions(), Listeners.Of(web, new TlsOptions(), admin), [], ["http://127.0.0.1:80", kestrel]).ToList();

        Assert.Equal(["chunkproxy: web listening on http://127.0.0.1:80/", "chunkproxy: status and actions at " + expected], lines[^2..]);
    }

    [Theory]
    [InlineData(null, null, "chunkproxy: stand-alone node, owns every chunk")]
    [InlineData("10.0.0.1:7070,10.0.0.2:7070", null, "chunkproxy: static cluster of 2, here 127.0.0.1:7070")]
    [InlineData(null, "http://10.0.0.9:2379", "chunkproxy: cluster clusters/chunkproxy at http://10.0.0.9:2379, here 127.0.0.1:7070")]
    public void Of_Cluster_SaysWhichOne(string? peers, string? coord, string expected) =>
        Assert.Contains(expected, StartLines.Of(new CacheOptions(), new PoolOptions { PoolPeers = peers, Coord = coord }, [], [], []));

    [Theory]
    [InlineData(null, null, null, "without a key: anyone who can reach it is trusted as a member (-poolkeyfile)")]
    [InlineData("secret", null, null, "with a key")]
    [InlineData("secret", "cert.pem", null, "TLS and a key")]
    [InlineData(null, "cert.pem", null, "TLS without a key: anyone who can reach it is trusted as a member (-poolkeyfile)")]
    [InlineData(null, "cert.pem", "ca.pem", "mutual TLS")]
    public void Of_Pool_SaysWhereItListensAndWhoMayAsk(string? key, string? certificate, string? authority, string expected)
    {
        var pool = new PoolOptions { PoolPeers = "10.0.0.1:7070", PoolKey = key, PoolCertificate = certificate, PoolAuthority = authority };

        Assert.Contains(
            "chunkproxy: pool listening on http://10.0.0.1:7070, " + expected,
            StartLines.Of(new CacheOptions(), pool, [], ["http://10.0.0.1:7070"], []));
    }

    [Fact]
    public void Of_NoDisk_SaysSo() => Assert.Contains(
        "chunkproxy: chunks of 1MiB, memory 512MiB, no disk, metadata 16MiB",
        StartLines.Of(new CacheOptions { DiskBudget = 0 }, new PoolOptions(), [], [], []));
}
