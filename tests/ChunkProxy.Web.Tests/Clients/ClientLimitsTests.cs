using System.IO.Pipelines;
using System.Net;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Clients;

/// <summary>Connections and requests of one client. The rate: <see cref="ShapedAnswerTests"/>.</summary>
public sealed class ClientLimitsTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Request_ClientHasAllInProgress_Is429UntilOneEndsAndOthersAreServed(string method)
    {
        await using var host = await StartAsync(options => (options.MaxRequests, options.TrustedProxies) = (1, "127.0.0.1"));
        host.Reader.Add(FakeObject.Film(1000, 1000));
        var body = new Pipe();
        await body.Writer.WriteAsync(new byte[1], Now);
        host.Reader.FindScript = id => id.PathAndQuery == "/live" ? ObjectLookup.PassThrough() : null;
        host.Reader.PassThroughScript = (_, asked) => new PassedThroughAnswer(200, null, [], asked == HttpMethod.Get ? body.Reader.AsStream() : new MemoryStream(), new MemoryStream());
        using var first = await RawConnection.OpenAsync(host.Port);
        await first.SendAsync("GET /live HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 2001:db8::1\r\n\r\n");
        await first.ReadHeadAsync();

        var refused = await host.SendAsync(method, "/film", "X-Forwarded-For: 2001:db8::2"); // of the same 64 bits
        Assert.Equal((429, "1", "ChunkProxy; detail=refused"), (refused.Status, refused["Retry-After"], refused["Cache-Status"]));
        Assert.Equal(200, (await host.SendAsync(method, "/film", "X-Forwarded-For: 2001:db8:0:1::1")).Status);
        Assert.Equal(1, Limits(host).RefusedRequests);

        await body.Writer.CompleteAsync();
        await host.FiguresAsync(figures => figures.Requests == 3);
        Assert.Equal(200, (await host.SendAsync(method, "/film", "X-Forwarded-For: 2001:db8::1")).Status);
    }

    [Fact]
    public async Task Serve_ClientHasAllConnections_NextIsClosedUntilOneEnds()
    {
        var limits = Create(new ClientOptions { MaxConnections = 2 });
        var (one, two) = (new Connection("192.0.2.1"), new Connection("::ffff:192.0.2.1"));
        var serving = new[] { limits.ServeAsync(one, one.ServeAsync), limits.ServeAsync(two, two.ServeAsync) };

        var third = new Connection("192.0.2.1");
        await limits.ServeAsync(third, third.ServeAsync).Within();
        Assert.Equal((true, false, 1), (third.IsAborted, third.IsServed, limits.RefusedConnections));
        var other = new Connection("192.0.2.2");
        _ = limits.ServeAsync(other, other.ServeAsync);
        Assert.True(other.IsServed);

        one.End();
        await serving[0].Within();
        var fourth = new Connection("192.0.2.1");
        _ = limits.ServeAsync(fourth, fourth.ServeAsync);
        Assert.Equal((true, true, true), (two.IsServed, fourth.IsServed, !one.IsAborted));
    }

    [Fact]
    public void Serve_TrustedProxy_HasAnyNumberOfConnections()
    {
        var limits = Create(new ClientOptions { MaxConnections = 1, TrustedProxies = "192.0.2.1" });

        Assert.All(Enumerable.Range(0, 10), i =>
        {
            var connection = new Connection("192.0.2.1");
            _ = limits.ServeAsync(connection, connection.ServeAsync);
            Assert.True(connection.IsServed);
        });
    }

    [Fact]
    public async Task Connect_ProxyProtocolNamesTheClient_ItsConnectionsCount()
    {
        await using var host = await StartAsync(options => (options.MaxConnections, options.ProxyProtocol, options.TrustedProxies) = (1, true, "127.0.0.1"));
        host.Reader.Add(FakeObject.Film(1000, 1000));
        using var one = await ConnectAsync("198.51.100.1");
        using var two = await ConnectAsync("198.51.100.2");
        Assert.Equal((200, 200), ((await one.ReadAsync()).Status, (await two.ReadAsync()).Status));

        using var again = await ConnectAsync("198.51.100.1");

        Assert.Empty(await again.ReadToEndAsync());
        Assert.Equal(1, Limits(host).RefusedConnections);

        async Task<RawConnection> ConnectAsync(string client)
        {
            var connection = await RawConnection.OpenAsync(host.Port);
            await connection.SendAsync($"PROXY TCP4 {client} 10.0.0.1 4711 80\r\nGET /film HTTP/1.1\r\nHost: test\r\n\r\n");
            return connection;
        }
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1KiB", true)]
    [InlineData("1023B", false)]
    public void Validate_Rate_IsOffOrAtLeastAPieceASecond(string rate, bool isValid)
    {
        Assert.True(Cache.Settings.ByteSize.TryParse(rate, out var size));

        Assert.Equal(isValid, new ClientOptionsValidator().Validate(null, new ClientOptions { Rate = size }).Succeeded);
    }

    private static ClientLimits Limits(FrontEndHost host) => host.Services.GetRequiredService<ClientLimits>();

    private static ClientLimits Create(ClientOptions options) => new(Options.Create(options), new TrustedProxies(Options.Create(options)), TimeProvider.System);

    private static Task<FrontEndHost> StartAsync(Action<ClientOptions> configure) => FrontEndHost.StartAsync(
        replace: services => services.AddSingleton(new Cache.Origin.LoopMark(cluster: null)).Configure(configure));

    private sealed class Connection : DefaultConnectionContext
    {
        private readonly TaskCompletionSource _end = new();

        public Connection(string address) => RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1);

        public bool IsServed { get; private set; }

        public bool IsAborted { get; private set; }

        public Task ServeAsync(ConnectionContext connection)
        {
            IsServed = true;
            return _end.Task;
        }

        public void End() => _end.SetResult();

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }
}
