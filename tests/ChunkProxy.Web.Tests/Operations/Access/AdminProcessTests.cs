using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Http;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Operations.Access;

/// <summary>The reserved prefix of a real process: addresses and access.</summary>
public sealed class AdminProcessTests : IAsyncDisposable
{
    private const string Key = "sesame-sesame-sesame";

    private static readonly string[] Looks = ["_chunkproxy/stats", "_chunkproxy/history", "_chunkproxy/map?path=/film.mp4", "_chunkproxy/metrics"];
    private static readonly string[] Shell =
    [
        "_chunkproxy/", "_chunkproxy/page.css", "_chunkproxy/page.js", "_chunkproxy/samples.js", "_chunkproxy/charts.js", "_chunkproxy/figures.js",
        "_chunkproxy/members.js", "_chunkproxy/map.js", "_chunkproxy/events.js", "_chunkproxy/actions.js", "_chunkproxy/key.js", "_chunkproxy/parts.js",
    ];

    private static readonly string[] Probes = ["_chunkproxy/health", "_chunkproxy/alive"];

    private static readonly Dictionary<string, string?> Scraped = new() { ["OTEL_METRICS_EXPORTER"] = "prometheus" };

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task EverythingGuarded_KeyFromTheEnvironment_IsNeededToLookAndNeverSaid()
    {
        _origin.Add("/film.mp4", 1000);
        await using var node = await StartAsync(
            [], new(Scraped) { ["ChunkProxy__AdminKey"] = Key, ["ChunkProxy__AdminKeyGuards"] = "Everything" });
        await node.Client.GetByteArrayAsync("film.mp4", Cancellation);

        foreach (var path in Looks)
        {
            using var without = await node.GetAsync(path, Cancellation);
            using var wrong = await SendAsync(node.Client, path, "sesame-sesame-sesamf");
            using var right = await SendAsync(node.Client, path, Key);
            Assert.Equal((path, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK), (path, without.StatusCode, wrong.StatusCode, right.StatusCode));
            Assert.Equal("Bearer", without.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Contains("invalid_token", wrong.Headers.WwwAuthenticate.Single().Parameter, StringComparison.Ordinal);
            Assert.Equal("no-store", without.Headers.CacheControl?.ToString());
        }

        foreach (var path in Probes)
        {
            using var without = await node.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.OK), (path, without.StatusCode));
        }

        await node.WhenLineAsync(line => line.Contains("wrong admin key, from 127.0.0.1", StringComparison.Ordinal), "the wrong key is told of", Cancellation);
        Assert.Equal(0, await node.StopAsync(Cancellation));
        Assert.DoesNotContain("sesame", node.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressOfItsOwn_HasThePrefixAndNothingElse_AndTheClientsAddressOnlyHealth()
    {
        var film = _origin.Add("/film.mp4", 1000);
        await using var node = await StartAsync(["-adminaddr", "127.0.0.1:0"], Scraped);
        using var admin = await AdminOfAsync(node);

        Assert.NotEqual(node.Address.Port, admin.BaseAddress!.Port);
        foreach (var path in Shell.Concat(Looks.Where(path => !path.Contains("map", StringComparison.Ordinal))))
        {
            using var atClients = await node.GetAsync(path, Cancellation);
            using var atAdmin = await admin.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.NotFound, HttpStatusCode.OK), (path, atClients.StatusCode, atAdmin.StatusCode));
        }

        foreach (var path in Probes)
        {
            Assert.Equal("Healthy", await node.Client.GetStringAsync(path, Cancellation));
            Assert.Equal("Healthy", await admin.GetStringAsync(path, Cancellation));
        }

        using var notHere = await admin.GetAsync("film.mp4", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, notHere.StatusCode);
        Assert.Empty(_origin.Requests);
        await using var body = await node.Client.GetStreamAsync("film.mp4", Cancellation);
        await TestData.VerifyAsync(film.Answer.Seed, 0, film.Answer.Size, body, Cancellation);
    }

    [Fact]
    public async Task Health_IsDegraded_ReasonsAreForThoseWithTheKey()
    {
        await using var node = await StartAsync(["-redis", $"127.0.0.1:{FreePort.Next()}"], new() { ["ChunkProxy__AdminKey"] = Key, ["ChunkProxy__AdminKeyGuards"] = "Everything" });
        await node.WhenLineAsync(line => line.Contains("Redis unavailable", StringComparison.Ordinal), "Redis is missed", Cancellation);

        using var right = await SendAsync(node.Client, "_chunkproxy/health", Key);
        using var wrong = await SendAsync(node.Client, "_chunkproxy/health", "sesame-sesame-sesamf");

        Assert.StartsWith("Degraded\nredis: no ", await right.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("Degraded", await wrong.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("Degraded", await node.Client.GetStringAsync("_chunkproxy/health", Cancellation));
        await node.WhenLineAsync(line => line.Contains("wrong admin key, from 127.0.0.1", StringComparison.Ordinal), "the wrong key is told of", Cancellation);
    }

    [Fact]
    public async Task KeyInAFile_IsReadWithoutTheWhiteSpaceAroundIt()
    {
        var file = _folder.Combine("key");
        await File.WriteAllTextAsync(file, $"  {Key}\n", Cancellation);
        await using var node = await StartAsync(["-adminkeyfile", file], new() { ["ChunkProxy__AdminKeyGuards"] = "everything" });

        using var right = await SendAsync(node.Client, "_chunkproxy/stats", Key);
        using var wrong = await SendAsync(node.Client, "_chunkproxy/stats", "");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (right.StatusCode, wrong.StatusCode));
    }

    [Fact]
    public async Task Key_IsRightWrongOrNotSet_SaysWhich()
    {
        await using var guarded = await StartAsync(["-adminkey", Key, "-adminaddr", "127.0.0.1:0"]);
        await using var open = await StartAsync(["-adminaddr", "127.0.0.1:0"]);

        using var admin = await AdminOfAsync(guarded);
        using var adminOfOpen = await AdminOfAsync(open);
        using var right = await SendAsync(admin, "_chunkproxy/key", Key);
        using var wrong = await SendAsync(admin, "_chunkproxy/key", Key + "x");
        using var none = await admin.GetAsync("_chunkproxy/key", Cancellation);
        using var notSet = await SendAsync(adminOfOpen, "_chunkproxy/key", Key);

        Assert.Equal(
            [HttpStatusCode.NoContent, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden],
            new[] { right, wrong, none, notSet }.Select(answer => answer.StatusCode));
        Assert.Contains("-adminkeyfile", await notSet.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressOfClients_WithTheStandardSettings_AnswersHealthAlone()
    {
        await using var plain = await StartAsync([], Standard());
        await using var keyed = await StartAsync(["-adminkey", Key], Standard());

        foreach (var path in Looks.Concat(Shell).Append("_chunkproxy/warm").Append("_chunkproxy/key"))
        {
            using var open = await plain.GetAsync(path, Cancellation);
            using var closed = await keyed.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.Forbidden), (path, open.StatusCode));
            Assert.True(closed.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized, path);
            Assert.DoesNotContain("ChunkProxy status", await open.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        foreach (var path in Looks.Where(path => !path.Contains("map", StringComparison.Ordinal)))
        {
            using var withKey = await SendAsync(keyed.Client, path, Key);
            Assert.Equal((path, HttpStatusCode.OK), (path, withKey.StatusCode));
        }

        foreach (var path in Probes)
        {
            Assert.Equal("Healthy", await plain.Client.GetStringAsync(path, Cancellation));
        }
    }

    [Theory]
    [InlineData("/_ChunkProxy/stats")]
    [InlineData("/_CHUNKPROXY/health")]
    [InlineData("/%5Fchunkproxy/stats")]
    [InlineData("/_chunkprox%79/metrics")]
    [InlineData("/_ChunkProxy/")]
    [InlineData("/a/../_chunkproxy/stats")]
    [InlineData("/./_chunkproxy/stats")]
    [InlineData("http://origin/_chunkproxy/stats")]
    public async Task Prefix_InAnotherSpelling_IsNothing(string target)
    {
        await using var node = await StartAsync(["-adminkey", Key], Scraped);

        var answer = await RawHttp.SendAsync(node.Address.Port, $"GET {target} HTTP/1.1", ["Authorization: Bearer " + Key], Cancellation);

        Assert.True(answer.Status is 404 or 400, $"{answer.Status}");
        Assert.Empty(_origin.Requests);
    }

    [Fact]
    public async Task Host_OfAForeignName_ReadsNoFigures()
    {
        await using var node = await StartAsync(["-adminkey", Key], new() { ["ChunkProxy__AdminHosts"] = "cache.example" });

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("evil.example:8080", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("cache.example:8080", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("localhost", null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("evil.example", Key));

        async Task<HttpStatusCode> StatusAsync(string host, string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "_chunkproxy/stats") { Headers = { Host = host } };
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            using var answer = await node.Client.SendAsync(request, Cancellation);
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData("Origin", "http://127.0.0.1:8080")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    public async Task Page_AtTheAddressOfClients_ActsOnlyThroughTheOwnAddress(string field, string value)
    {
        await using var shared = await StartAsync(["-adminkey", Key]);
        await using var apart = await StartAsync(["-adminkey", Key, "-adminaddr", "127.0.0.1:0"]);
        using var admin = await AdminOfAsync(apart);

        foreach (var (client, expected) in new[] { (shared.Client, HttpStatusCode.Forbidden), (admin, HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "_chunkproxy/purge?path=/film.mp4");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
            request.Headers.Add(field, value);
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Equal(expected, answer.StatusCode);
        }

        Assert.Contains("data-no-key", await shared.Client.GetStringAsync("_chunkproxy/", Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain("data-no-key", await admin.GetStringAsync("_chunkproxy/", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preflight_OfAForeignPage_IsNotGranted()
    {
        await using var node = await StartAsync(["-adminkey", Key]);
        using var request = new HttpRequestMessage(HttpMethod.Options, "_chunkproxy/stats");
        request.Headers.Add("Origin", "http://evil.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization");

        using var answer = await node.Client.SendAsync(request, Cancellation);

        Assert.False(answer.IsSuccessStatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    // The settings as they are without a word of the operator's: the tests' node opens figures.
    private static Dictionary<string, string?> Standard() => new(Scraped) { ["ChunkProxy__AdminKeyGuards"] = "" };

    private static async Task<HttpClient> AdminOfAsync(Node node) =>
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = await node.WhenAdminAddressAsync(Cancellation) };

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client.SendAsync(request, Cancellation);
    }

    private Task<Node> StartAsync(IEnumerable<string> arguments, Dictionary<string, string?>? environment = null) =>
        Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-m", "32MiB", "-size-d", "0", .. arguments], Cancellation, environment);
}
