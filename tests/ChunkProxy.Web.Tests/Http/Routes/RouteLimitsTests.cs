using System.IO.Pipelines;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Routes;

/// <summary>Limits of each client that hold in one route, in addition to those of the process.</summary>
public sealed class RouteLimitsTests
{
    private const int KiB = 1024;

    private readonly Pipe _live = new();
    private readonly FakeObject _film = FakeObject.Film(64 * KiB, 16 * KiB);
    private IConfigurationRoot _settings = new ConfigurationBuilder().Build();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    public async Task Request_ClientHasAllOfTheRouteInProgress_Is429ThereAndServedInOthers(string method)
    {
        await using var host = await StartAsync(("Routes:vip:Clients:MaxRequests", "1"));
        using var first = await BeginLiveAsync(host);

        var refused = await host.SendAsync(method, "/vip/film");
        Assert.Equal((429, "1", "ChunkProxy; detail=refused"), (refused.Status, refused["Retry-After"], refused["Cache-Status"]));
        Assert.Equal(200, (await host.SendAsync(method, "/film")).Status);
        Assert.Equal(200, (await host.SendAsync(method, "/vip/film", "X-Forwarded-For: 198.51.100.7")).Status);
        Assert.Equal((0, KeyValuePair.Create("vip", 1L)), (Limits(host).RefusedRequests, Limits(host).RefusedInRoutes.Single()));

        await _live.Writer.CompleteAsync();
        await host.FiguresAsync(figures => figures.Requests == 4);
        Assert.Equal(200, (await host.SendAsync(method, "/vip/film")).Status);
    }

    [Fact]
    public async Task Request_RefusedInRoute_PageMayReadTheRefusalAndPreflightsAreAnswered()
    {
        await using var host = await StartAsync(("Routes:vip:Clients:MaxRequests", "1"), ("Routes:vip:Cors", "*"));
        using var first = await BeginLiveAsync(host);

        var refused = await host.SendAsync("GET", "/vip/film", "Origin: https://site.test");
        var preflight = await host.SendAsync("OPTIONS", "/vip/film", "Origin: https://site.test", "Access-Control-Request-Method: GET");

        Assert.Equal((429, "*"), (refused.Status, refused["Access-Control-Allow-Origin"]));
        Assert.Equal(204, preflight.Status);
    }

    [Fact]
    public async Task Reload_LimitsDoNotChange_RequestsInProgressCount()
    {
        await using var host = await StartAsync(("Routes:vip:Clients:MaxRequests", "1"));
        using var first = await BeginLiveAsync(host);

        Reload(host, "Routes:vip:Cors", "*");

        Assert.Equal(429, (await host.SendAsync("GET", "/vip/film")).Status);
        Reload(host, "Routes:vip:Clients:MaxRequests", "2");
        Assert.Equal(200, (await host.SendAsync("GET", "/vip/film")).Status);
        Reload(host, "Routes:vip:Clients:MaxRequests", null);
        Assert.Equal(200, (await host.SendAsync("GET", "/vip/film")).Status);
    }

    [Fact]
    public async Task Reload_ALimitIsWrong_AllStayAsTheyWere()
    {
        await using var host = await StartAsync(("Routes:vip:Clients:MaxRequests", "1"));
        using var first = await BeginLiveAsync(host);

        _settings["ChunkProxy:Routes:vip:Clients:Rate"] = "1B";
        Assert.Equal("ChunkProxy:Routes:vip:Clients:Rate: takes 0 or at least 1KiB", host.Services.GetRequiredService<CurrentRoutes>().Check());

        Assert.Equal(429, (await host.SendAsync("GET", "/vip/film")).Status);
    }

    [Theory]
    [InlineData(null, "16KiB")] // 3 s for 48 KiB, after 16 KiB at once
    [InlineData("64KiB", "16KiB")]
    [InlineData("16KiB", "64KiB")]
    public async Task Get_ProcessAndRouteHaveRates_TheLowerOneCountsAndEveryByteComes(string? ofProcess, string ofRoute)
    {
        var time = new SignallingTime();
        await using var host = await StartAsync(
            services => services.AddSingleton<TimeProvider>(time),
            ("Clients:Rate", ofProcess), ("Clients:Burst", "16KiB"), ("Routes:vip:Clients:Rate", ofRoute), ("Routes:vip:Clients:Burst", "16KiB"));

        var answer = await time.PassUntilAsync(host.SendAsync("GET", "/vip/film"));

        Assert.Equal((200, true), (answer.Status, answer.IsWhole));
        Assert.Equal(_film.Content, answer.Body);
        Assert.InRange(Limits(host).Delayed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3.1)); // less what the clock went too far; 0.75 s at most at the other rate
    }

    [Fact]
    public async Task Get_RouteHasARate_OtherRoutesHaveNone()
    {
        await using var host = await StartAsync(("Routes:vip:Clients:Rate", "1KiB"), ("Routes:vip:Clients:Burst", "0"));
        using var slow = await RawConnection.OpenAsync(host.Port);
        await slow.SendAsync("GET /vip/film HTTP/1.1\r\nHost: test\r\n\r\n");
        await slow.ReadHeadAsync(); // and then waits: the clock stands still

        Assert.Equal(_film.Content, (await host.SendAsync("GET", "/film")).Body);
    }

    [Fact]
    public void Routes_WithColdBytes_HaveTheirLimit()
    {
        using var services = RouteSetup.ServicesOf(
            ("Url", "http://origin.test/"), ("Routes:vip:Clients:ColdBytes", "8MiB"), ("Routes:vip:Clients:ColdExcess", "Refuse"), ("Routes:open:Path", "/open/"));

        var routes = services.GetRequiredService<CurrentRoutes>().Table.All.ToDictionary(static route => route.Name);

        Assert.Equal(ColdLimit.Of("VIP", 8 << 20, refuses: true), routes["vip"].Cold);
        Assert.Equal((null, null, null), (routes["open"].Cold, routes["open"].Limits, routes["vip"].Limits));
    }

    [Theory]
    [InlineData("MaxRequests", "-1", "Clients:MaxRequests: -1 is out of range: takes 0 to 1,000,000")]
    [InlineData("Rate", "1B", "Clients:Rate: takes 0 or at least 1KiB")]
    [InlineData("ColdBytes", "1KiB", "Clients:ColdBytes: 1KiB is less than two chunks (2MiB): takes 0, or that at least")]
    [InlineData("ColdExcess", "Refuze", "Clients:ColdExcess: 'Refuze'")]
    [InlineData("MaxRequest", "1", "Clients:MaxRequest: is not a setting here. Did you mean Clients:MaxRequests?")]
    [InlineData("MaxConnections", "1", "Clients:MaxConnections: is not a setting here. ChunkProxy:Clients:MaxConnections is for the whole process")]
    [InlineData("TrustedProxies", "10.0.0.1", "Clients:TrustedProxies: is not a setting here. ChunkProxy:Clients:TrustedProxies is for the whole process")]
    public void Start_LimitOfARouteIsWrong_IsRefused(string key, string value, string message) =>
        Assert.Contains($"ChunkProxy:Routes:vip:{message}", RouteSetup.FailuresOf(("Url", "http://origin.test/"), ($"Routes:vip:Clients:{key}", value)), StringComparison.Ordinal);

    private static ClientLimits Limits(FrontEndHost host) => host.Services.GetRequiredService<ClientLimits>();

    private void Reload(FrontEndHost host, string key, string? value)
    {
        _settings["ChunkProxy:" + key] = value;
        Assert.Null(host.Services.GetRequiredService<CurrentRoutes>().Reload());
    }

    // A response of the route that goes on.
    private static async Task<RawConnection> BeginLiveAsync(FrontEndHost host)
    {
        var connection = await RawConnection.OpenAsync(host.Port);
        await connection.SendAsync("GET /vip/live HTTP/1.1\r\nHost: test\r\n\r\n");
        await connection.ReadHeadAsync();
        return connection;
    }

    private Task<FrontEndHost> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(static _ => { }, settings);

    private async Task<FrontEndHost> StartAsync(Action<IServiceCollection> replace, params (string Key, string? Value)[] settings)
    {
        IEnumerable<(string Key, string? Value)> all =
        [
            ("Url", "http://origin.test/"), ("Clients:TrustedProxies", "127.0.0.1"), ("Routes:vip:Path", "/vip/"), ("Routes:vip:OriginPath", "/"), ("Routes:open:Path", "/"), .. settings,
        ];
        _settings = new ConfigurationBuilder().AddInMemoryCollection(all.ToDictionary(static it => "ChunkProxy:" + it.Key, static it => it.Value)).Build();
        var host = await FrontEndHost.StartAsync(replace: services =>
        {
            services.AddSingleton<IConfiguration>(_settings).AddSingleton(new LoopMark(cluster: null));
            replace(services);
        });
        host.Reader.Add(_film);
        await _live.Writer.WriteAsync(new byte[1], Now);
        host.Reader.FindScript = id => id.PathAndQuery == "/live" ? ObjectLookup.PassThrough() : null;
        host.Reader.PassThroughScript = (_, asked) => new PassedThroughAnswer(200, null, [], asked == HttpMethod.Get ? _live.Reader.AsStream() : new MemoryStream(), new MemoryStream());
        return host;
    }
}
