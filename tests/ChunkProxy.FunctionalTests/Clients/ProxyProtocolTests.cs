using System.Net;
using System.Net.Sockets;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.HaProxy;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Clients;

/// <summary>A node behind HAProxy, which names its clients with the PROXY protocol.</summary>
public sealed class ProxyProtocolTests(ProxyProtocolTests.Servers servers) : IClassFixture<ProxyProtocolTests.Servers>
{
    private const string Allowed = "127.0.0.7";
    private const long Size = (3L * OneNode.MiB) + 345;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    [InlineData("tls")]
    public async Task Get_ThroughHaProxy_AccessIsThatOfItsClient(string server)
    {
        var film = servers.One.Origin.Add(SharedNodes.FreshPath(), Size);
        using var allowed = ClientFrom(Allowed, server);
        using var other = ClientFrom("127.0.0.8", server);

        for (var i = 0; i < 2; i++)
        {
            using var answer = await allowed.GetAsync(film.Path, HttpCompletionOption.ResponseHeadersRead, Now);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await TestData.VerifyAsync(film.Answer.Seed, 0, Size, await answer.Content.ReadAsStreamAsync(Now), Now);
            using var refused = await other.GetAsync(film.Path, Now);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Get_HaProxySendsNoHeader_GetsNothing()
    {
        using var client = ClientFrom(Allowed, "none");

        using var answer = await client.GetAsync("film.mp4", Now);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    private HttpClient ClientFrom(string address, string server)
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = servers.Proxy.BaseAddress,
        };
        client.DefaultRequestHeaders.Add("X-Server", server);
        return client;
    }

    public sealed class Servers : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal OneNode One { get; private set; } = null!;

        internal HaProxyServer Proxy { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var certificate = TestCertificate.For("localhost").WriteOneFile(_folder.Combine("node.pem"));
            One = await OneNode.StartAsync(
                $"-cert {certificate} -proxy-protocol -trusted-proxies 127.0.0.1 -allow {Allowed}",
                Now,
                ("PlainAddress", "127.0.0.1:0"));
            const string Listening = "chunkproxy: web listening on http://";
            var line = await One.Node.WhenLineAsync(line => line.StartsWith(Listening, StringComparison.Ordinal), "the plain address", Now);
            var plain = line[Listening.Length..].TrimEnd('/');
            Proxy = await HaProxyServer.StartAsync(
                new Dictionary<string, string>
                {
                    ["tls"] = $"{One.Node.Address.Authority} send-proxy-v2 ssl verify none",
                    ["v1"] = $"{plain} send-proxy",
                    ["v2"] = $"{plain} send-proxy-v2-ssl-cn proxy-v2-options unique-id,crc32c",
                    ["none"] = plain,
                },
                Now);
        }

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await One.DisposeAsync();
            _folder.Dispose();
        }
    }
}
