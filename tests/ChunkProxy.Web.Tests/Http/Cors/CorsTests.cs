using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Settings;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Cors;

/// <summary>Responses to pages of other sites, with a CORS policy.</summary>
public sealed class CorsTests : IAsyncDisposable
{
    private const string Exposed = "Accept-Ranges, Age, Cache-Status, Content-Length, Content-Range, Date, ETag, Retry-After";
    private const string Site = "Origin: https://site.test";

    private static readonly string[] CorsFields =
    [
        "Access-Control-Allow-Origin", "Access-Control-Expose-Headers", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age",
        "Access-Control-Allow-Credentials", "Access-Control-Allow-Private-Network", "Timing-Allow-Origin", "Vary",
    ];

    private FrontEndHost _host = null!;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("*", Site, "*", null)]
    [InlineData("*", null, "*", null)]
    [InlineData("https://site.test", Site, "https://site.test", "Origin")]
    [InlineData("https://other.test, https://*.test", Site, "https://site.test", "Origin")]
    [InlineData("https://other.test", Site, null, "Origin")]
    [InlineData("https://site.test", null, null, "Origin")]
    public async Task Get_Origin_IsGrantedByThePolicy(string cors, string? field, string? granted, string? vary)
    {
        await StartAsync(cors);

        var answer = await _host.SendAsync("GET", "/film", [.. new[] { field, "Range: bytes=0-9" }.OfType<string>()]);

        Assert.Equal(206, answer.Status);
        Assert.Equal(10, answer.Body.Length);
        Assert.Equal((granted, granted, granted is null ? null : Exposed, vary),
            (answer["Access-Control-Allow-Origin"], answer["Timing-Allow-Origin"], answer["Access-Control-Expose-Headers"], answer["Vary"]));
    }

    [Theory]
    [InlineData("*", "*", "Accept-Language")]
    [InlineData("https://site.test", "https://site.test", "Accept-Language, Origin")]
    [InlineData("https://other.test", null, "Accept-Language, Origin")]
    public async Task Get_OriginServerSendsCorsFields_TheyAreReplacedAndNotDoubled(string cors, string? granted, string vary)
    {
        await StartAsync(cors);
        _host.Reader.Add(new FakeObject("/film", 1000, 100, FakeObject.Headers(
            "\"v1\"",
            [
                new("Access-Control-Allow-Origin", "https://origins.test"), new("access-control-allow-credentials", "true"), new("Access-Control-Expose-Headers", "X"),
                new("Access-Control-Allow-Methods", "PUT"), new("Access-Control-Allow-Headers", "x"), new("Access-Control-Max-Age", "9"),
                new("Timing-Allow-Origin", "https://origins.test"), new("Vary", "Accept-Language"),
            ])));

        foreach (var field in (string[])["Range: bytes=0-9", "If-None-Match: \"v1\"", "Range: bytes=5000-"])
        {
            var answer = await _host.SendAsync("GET", "/film", Site, field);

            Assert.Equal(
                [granted, granted is null ? null : Exposed, null, null, null, null, null, granted, vary],
                CorsFields.Select(name => answer[name]));
        }
    }

    [Fact]
    public async Task Get_OriginServerVariesByOrigin_VaryNamesItOnce()
    {
        await StartAsync("https://site.test");
        _host.Reader.Add(new FakeObject("/film", 1000, 100, FakeObject.Headers("\"v1\"", [new("Vary", "Accept-Language, origin")])));

        Assert.Equal("Accept-Language, origin", (await _host.SendAsync("GET", "/film", Site))["Vary"]);
    }

    [Theory]
    [InlineData("GET", "/missing", "", 404)]
    [InlineData("GET", "/film", "Range: bytes=5000-", 416)]
    [InlineData("GET", "/film", "If-Match: \"v0\"", 412)]
    [InlineData("GET", "/broken", "", 502)]
    [InlineData("GET", "/faulty", "", 500)]
    [InlineData("GET", "/busy", "", 503)]
    [InlineData("GET", "/a%", "", 400)]
    [InlineData("POST", "/film", "", 405)]
    [InlineData("HEAD", "/missing", "", 404)]
    public async Task Request_Fails_PageSeesTheStatus(string method, string path, string field, int status)
    {
        await StartAsync("https://site.test");
        _host.Reader.FindScript = id => id.PathAndQuery switch
        {
            "/broken" => ObjectLookup.Failed(ProxyError.OriginUnreachable, "No connection."),
            "/busy" => ObjectLookup.Failed(ProxyError.Overloaded, "Too many."),
            "/faulty" => throw new InvalidOperationException("A defect."),
            _ => null,
        };

        var answer = await _host.SendAsync(method, path, field.Length == 0 ? [Site] : [Site, field]);

        Assert.Equal((status, "https://site.test", Exposed), (answer.Status, answer["Access-Control-Allow-Origin"], answer["Access-Control-Expose-Headers"]));
    }

    [Fact]
    public async Task Get_PassedThrough_HasTheFieldsOfThePolicyOnly()
    {
        await StartAsync("*");
        _host.Reader.FindScript = _ => ObjectLookup.PassThrough();
        _host.Reader.PassThroughScript = (_, _) => new PassedThroughAnswer(
            404, 4, [new("Access-Control-Allow-Origin", "https://origins.test"), new("Access-Control-Allow-Credentials", "true")], new MemoryStream("none"u8.ToArray()), new MemoryStream());

        var answer = await _host.SendAsync("GET", "/live", Site);

        Assert.Equal((404, "*", null), (answer.Status, answer["Access-Control-Allow-Origin"], answer["Access-Control-Allow-Credentials"]));
        Assert.Equal("none"u8.ToArray(), answer.Body);
    }

    [Fact]
    public async Task Options_Preflight_IsAnsweredHere()
    {
        await StartAsync("https://site.test");

        var answer = await _host.SendAsync("OPTIONS", "/film", Site, "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: range,x-token");

        Assert.Equal(204, answer.Status);
        Assert.Equal(
            ["https://site.test", null, "GET, HEAD", "range,x-token", "7200", null, null, null, "Origin"],
            CorsFields.Select(name => answer[name]));
        Assert.Empty(_host.Reader.PassThroughConditions);
        await _host.FiguresAsync(figures => figures.Requests == 1);
    }

    [Fact]
    public async Task Options_PreflightOfAnotherSite_IsRefused()
    {
        await StartAsync("https://other.test");

        var answer = await _host.SendAsync("OPTIONS", "/film", Site, "Access-Control-Request-Method: GET");

        Assert.Equal((403, "Origin"), (answer.Status, answer["Vary"]));
        Assert.All(CorsFields[..^1], name => Assert.Null(answer[name]));
    }

    [Theory]
    [InlineData("*", null)]
    [InlineData("*, https://site.test", "true")]
    [InlineData("https://site.test", "true")]
    public async Task Options_PreflightToAPrivateNetwork_IsGrantedToNamedOriginsOnly(string cors, string? granted)
    {
        await StartAsync(cors);

        var answer = await _host.SendAsync("OPTIONS", "/film", Site, "Access-Control-Request-Method: GET", "Access-Control-Request-Private-Network: true");

        Assert.Equal((204, granted), (answer.Status, answer["Access-Control-Allow-Private-Network"]));
    }

    [Fact]
    public async Task Request_CredentialsAreAllowed_PreflightAndResponseSaySo()
    {
        await StartAsync("https://site.test", options => options.CorsCredentials = true);

        Assert.Equal("true", (await _host.SendAsync("GET", "/film", Site))["Access-Control-Allow-Credentials"]);
        Assert.Equal("true", (await _host.SendAsync("OPTIONS", "/film", Site, "Access-Control-Request-Method: GET"))["Access-Control-Allow-Credentials"]);
        Assert.Null((await _host.SendAsync("GET", "/film", "Origin: https://other.test"))["Access-Control-Allow-Credentials"]);
    }

    [Theory]
    [InlineData("GET", "/_chunkproxy/none")]
    [InlineData("OPTIONS", "/_chunkproxy/purge")]
    [InlineData("OPTIONS", "/%5Fchunkproxy/purge")]
    public async Task Request_ReservedPath_HasNoCorsFields(string method, string path)
    {
        await StartAsync("*");

        var answer = await _host.SendAsync(method, path, Site, "Access-Control-Request-Method: POST");

        Assert.Equal(404, answer.Status);
        Assert.All(CorsFields, name => Assert.Null(answer[name]));
    }

    [Theory]
    [InlineData("*", 0)]
    [InlineData(null, 1)]
    public async Task Get_Policy_OriginFieldMakesNoVariants(string? cors, int passedOn)
    {
        await StartAsync(cors);

        await _host.SendAsync("GET", "/film", Site);

        Assert.Equal(passedOn, Assert.Single(_host.Reader.PassedOn).All.Count);
    }

    private async Task StartAsync(string? cors, Action<CorsOptions>? more = null)
    {
        _host = await FrontEndHost.StartAsync(replace: services => services.Configure<CorsOptions>(options =>
        {
            options.Cors = cors;
            more?.Invoke(options);
        }));
        _host.Reader.Add(new FakeObject("/film", 1000, 100, FakeObject.Headers("\"v1\"")));
    }
}
