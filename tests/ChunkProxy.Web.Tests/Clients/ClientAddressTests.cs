using System.IO.Pipelines;
using System.Net;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Clients;

/// <summary>Whose address counts, in all that asks for it.</summary>
public sealed class ClientAddressTests
{
    private const string Field = "X-Forwarded-For: 198.51.100.7";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.0/8", 200)]
    [InlineData("10.0.0.0/8", 403)]
    [InlineData(null, 403)]
    public async Task Get_OnlyTheForwardedAddressIsAllowed_IsServedIfThePeerIsTrusted(string? trusted, int status)
    {
        await using var host = await StartAsync(trusted, access => access.Allow = "198.51.100.7");

        Assert.Equal(status, (await host.SendAsync("GET", "/film", Field)).Status);
    }

    [Theory]
    [InlineData("127.0.0.0/8", 403)]
    [InlineData("10.0.0.0/8", 200)]
    [InlineData(null, 200)]
    public async Task Get_TheForwardedAddressIsDenied_IsRefusedIfThePeerIsTrusted(string? trusted, int status)
    {
        await using var host = await StartAsync(trusted, access => access.Deny = "198.51.100.7");

        Assert.Equal(status, (await host.SendAsync("GET", "/film", Field)).Status);
    }

    [Fact]
    public async Task Get_TwoRequestsOfOneConnection_HaveTheirOwnClients()
    {
        await using var host = await StartAsync("127.0.0.1", access => access.Allow = "198.51.100.7");
        using var connection = await RawConnection.OpenAsync(host.Port);

        await connection.SendAsync($"GET /film HTTP/1.1\r\nHost: test\r\n{Field}\r\n\r\n");
        Assert.Equal(200, (await connection.ReadAsync()).Status);
        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\n\r\n");
        Assert.Equal(403, (await connection.ReadAsync()).Status);
    }

    [Theory]
    [InlineData("127.0.0.1", "198.51.100.7")]
    [InlineData(null, "127.0.0.1")]
    public async Task Get_Any_TurnsAtTheOriginAreThoseOfTheClient(string? trusted, string client)
    {
        await using var host = await StartAsync(trusted);

        await host.SendAsync("GET", "/film", Field);

        Assert.Equal([IPAddress.Parse(client)], host.Reader.Clients);
    }

    [Theory]
    [InlineData("198.51.100.7", 429)]
    [InlineData("198.51.100.8", 200)]
    public async Task Get_Uncacheable_PlacesAreThoseOfTheClient(string other, int status)
    {
        await using var host = await StartAsync("127.0.0.1", places: 1);
        var endless = new Pipe();
        await endless.Writer.WriteAsync(new byte[1], Cancellation);
        host.Reader.FindScript = _ => ObjectLookup.PassThrough();
        var bodies = new Queue<Stream>([endless.Reader.AsStream(), new MemoryStream([1, 2, 3])]);
        host.Reader.PassThroughScript = (_, _) => new PassedThroughAnswer(200, null, [], bodies.Dequeue(), new MemoryStream());
        using var first = await RawConnection.OpenAsync(host.Port);
        await first.SendAsync($"GET /film HTTP/1.1\r\nHost: test\r\n{Field}\r\n\r\n");
        await first.ReadHeadAsync();

        Assert.Equal(status, (await host.SendAsync("GET", "/film", "X-Forwarded-For: " + other)).Status);
    }

    [Theory]
    [InlineData("127.0.0.1", "198.51.100.7")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    public async Task Logs_OfAProcess_HaveTheClient(string trusted, string client)
    {
        using var folder = new TemporaryFolder();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film.mp4", 1000);
        await using var node = await Node.StartAsync(
            [
                "-url", origin.BaseAddress.ToString(), "-size-m", "16MiB", "-size-c", "64KiB", "-size-d", "0", "-trusted-proxies", trusted,
                "-requestlog", "-accesslog", folder.Combine("log"), "-accesslog-format", "{client} {status}",
            ],
            Cancellation);
        node.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");

        await node.Client.GetByteArrayAsync("film.mp4", Cancellation);

        await node.WhenLineAsync(line => line.Contains(client + " GET /film.mp4", StringComparison.Ordinal), "the request is logged", Cancellation);
        Assert.Equal(0, await node.StopAsync(Cancellation));
        Assert.Equal(client + " 200\n", await File.ReadAllTextAsync(folder.Combine("log"), Cancellation));
    }

    private static async Task<FrontEndHost> StartAsync(string? trusted, Action<AccessOptions>? access = null, int? places = null)
    {
        var host = await FrontEndHost.StartAsync(
            options => options.PassThroughPerClient = places ?? options.PassThroughPerClient,
            replace: services => services
                .Configure<ClientOptions>(options => options.TrustedProxies = trusted)
                .Configure(access ?? (_ => { })));
        host.Reader.Add(FakeObject.Film(1000, 1000));
        return host;
    }
}
