using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Settings;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using ChunkProxy.Web.Tls;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkProxy.Web.Tests.Clients;

/// <summary>The PROXY protocol on a real server.</summary>
public sealed class ProxyProtocolListenerTests
{
    private const string Header = "PROXY TCP4 198.51.100.7 10.0.0.1 4711 80\r\n";
    private const string Get = "GET /film HTTP/1.1\r\nHost: test\r\n\r\n";

    private static readonly FakeObject Film = FakeObject.Film(1000, 1000);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Header, 200)]
    [InlineData("PROXY TCP4 198.51.100.8 10.0.0.1 4711 80\r\n", 403)]
    [InlineData("PROXY UNKNOWN\r\n", 403)]
    public async Task Get_AfterAHeader_AccessIsThatOfTheClient(string header, int status)
    {
        await using var host = await StartAsync();
        using var connection = await RawConnection.OpenAsync(host.Port);

        await connection.SendAsync(header + Get);
        var first = await connection.ReadAsync();
        await connection.SendAsync(Get);
        var second = await connection.ReadAsync();

        Assert.Equal((status, status), (first.Status, second.Status));
        if (status == 200)
        {
            Assert.Equal(Film.Content, first.Body);
            Assert.Equal(Film.Content, second.Body);
        }
    }

    [Fact]
    public async Task Get_NamedClientIsATrustedProxy_ForwardedForCounts()
    {
        await using var host = await StartAsync(trusted: "127.0.0.1, 192.0.2.1");
        using var connection = await RawConnection.OpenAsync(host.Port);

        await connection.SendAsync("PROXY TCP4 192.0.2.1 10.0.0.1 4711 80\r\nGET /film HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n");

        Assert.Equal(200, (await connection.ReadAsync()).Status);
    }

    [Theory]
    [InlineData(Get, null)]
    [InlineData(Header + Get, "10.0.0.0/8")]
    public async Task Get_NoHeaderOrNotTrusted_GetsNothing(string bytes, string? trusted)
    {
        await using var host = await StartAsync(trusted);

        Assert.Empty(await AnswerAsync(host.Port, bytes));
        Assert.Empty(host.Reader.Finds);
    }

    [Fact]
    public async Task Get_TlsAfterTheHeader_IsServed()
    {
        using var folder = new TemporaryFolder();
        var options = new TlsOptions { Certificate = TestCertificate.For("localhost").WriteOneFile(folder.Combine("node.pem")) };
        using var certificates = new CertificateStore(options, TimeProvider.System, NullLogger<CertificateStore>.Instance);
        await using var host = await StartAsync(frontEnd: frontEnd => frontEnd.LendMemory = false, listen: listener => listener.UseTls(certificates));
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", host.Port, Now);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(Header), Now);
        await using var tls = new SslStream(client.GetStream(), false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Now);

        await tls.WriteAsync(Encoding.Latin1.GetBytes("GET /film HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"), Now);
        using var all = new MemoryStream();
        await tls.CopyToAsync(all, Now);

        var answer = all.ToArray();
        Assert.StartsWith("HTTP/1.1 200 ", Encoding.Latin1.GetString(answer), StringComparison.Ordinal);
        Assert.Equal(Film.Content, answer[^1000..]);
    }

    private static async Task<byte[]> AnswerAsync(int port, string bytes)
    {
        try
        {
            using var connection = await RawConnection.OpenAsync(port);
            await connection.SendAsync(bytes);
            return await connection.ReadToEndAsync();
        }
        catch (Exception reset) when (reset is SocketException or IOException)
        {
            return []; // closed before the client had sent all
        }
    }

    private static async Task<FrontEndHost> StartAsync(
        string? trusted = null, Action<FrontEndOptions>? frontEnd = null, Action<ListenOptions>? listen = null)
    {
        var host = await FrontEndHost.StartAsync(
            frontEnd,
            listen: listen,
            replace: services => services
                .Configure<ClientOptions>(options => (options.ProxyProtocol, options.TrustedProxies) = (true, trusted))
                .Configure<AccessOptions>(options => options.Allow = "198.51.100.7"));
        host.Reader.Add(Film);
        return host;
    }
}
