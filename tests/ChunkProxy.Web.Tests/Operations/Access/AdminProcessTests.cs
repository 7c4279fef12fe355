using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.Web.Tests.Operations.Access;

/// <summary>The reserved prefix of a real process: addresses and access.</summary>
public sealed class AdminProcessTests : IAsyncDisposable
{
    private const string Key = "sesame-sesame-sesame";

    private static readonly string[] Looks = ["_chunkproxy/stats", "_chunkproxy/history", "_chunkproxy/map?path=/film.mp4", "_chunkproxy/metrics"];
    private static readonly string[] Shell = ["_chunkproxy/", "_chunkproxy/page.js", "_chunkproxy/key.js", "_chunkproxy/actions.js", "_chunkproxy/page.css"];
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

        foreach (var path in Shell.Concat(Probes))
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
        using var admin = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = await node.WhenAdminAddressAsync(Cancellation) };

        Assert.NotEqual(node.Address.Port, admin.BaseAddress.Port);
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
        await using var guarded = await StartAsync(["-adminkey", Key]);
        await using var open = await StartAsync([]);

        using var right = await SendAsync(guarded.Client, "_chunkproxy/key", Key);
        using var wrong = await SendAsync(guarded.Client, "_chunkproxy/key", Key + "x");
        using var none = await guarded.GetAsync("_chunkproxy/key", Cancellation);
        using var notSet = await SendAsync(open.Client, "_chunkproxy/key", Key);

        Assert.Equal(
            [HttpStatusCode.NoContent, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden],
            new[] { right, wrong, none, notSet }.Select(answer => answer.StatusCode));
        Assert.Contains("-adminkeyfile", await notSet.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
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

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, string path, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client.SendAsync(request, Cancellation);
    }

    private Task<Node> StartAsync(IEnumerable<string> arguments, Dictionary<string, string?>? environment = null) =>
        Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-m", "32MiB", "-size-d", "0", .. arguments], Cancellation, environment);
}
