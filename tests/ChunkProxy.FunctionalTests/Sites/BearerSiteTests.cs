using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>A route for bearer tokens beside an open one, in a real process.</summary>
public sealed class BearerSiteTests(BearerSiteTests.Site site) : IClassFixture<BearerSiteTests.Site>
{
    private const string Issuer = "https://login.test/";

    private readonly string _file = $"{SharedNodes.FreshNumber()}.mp4";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    // Of this test, whatever path they were for.
    private List<OriginRequest> Requests => [.. site.Origin.Requests.Where(request => request.Path.EndsWith("/" + _file, StringComparison.Ordinal))];

    [Fact]
    public async Task Get_SecondViewersToken_IsAHitAndNoTokenLeavesTheProcess()
    {
        SeveralSites.Add(site.Origin, "/members/" + _file, seed: 1);
        var node = site.Node;
        var (anna, ben) = (Sign("anna", TimeSpan.FromHours(1)), Sign("ben", TimeSpan.FromHours(1)));

        await VerifyAsync(node, anna);
        var asked = Requests.Count;
        await VerifyAsync(node, ben);

        Assert.Equal(asked, Requests.Count);
        Assert.All(Requests, static request => Assert.Null(request["Authorization"]));
        var stats = await node.Client.GetStringAsync("_chunkproxy/stats", Now);
        Assert.All([stats, node.Output, await LogAsync(lines: 2)], text => Assert.DoesNotContain(anna[..40], text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_NoTokenOrAnExpiredOne_IsRefusedWithTheReasonInTheLogsOnly()
    {
        SeveralSites.Add(site.Origin, "/members/" + _file, seed: 1);
        SeveralSites.Add(site.Origin, "/" + _file, seed: 2);
        var node = site.Node;

        using (var refused = await SeveralSites.SendAsync(node, "any.test", "members/" + _file, Now, fields: ("Authorization", $"Bearer {Sign("anna", TimeSpan.FromHours(-1))}")))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer realm=\"chunkproxy\", error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString());
            Assert.Equal("401 Unauthorized: Access is denied.\n", await refused.Content.ReadAsStringAsync(Now));
        }

        using (var refused = await SeveralSites.SendAsync(node, "any.test", "members/" + _file, Now))
        {
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"chunkproxy\""), (refused.StatusCode, refused.Headers.WwwAuthenticate.ToString()));
        }

        await SeveralSites.VerifyAsync(node, "any.test", _file, seed: 2, Now); // the other route
        await node.WhenLineAsync(line => line.Contains($"Refused /members/{_file} to 127.0.0.1: TokenExpired", StringComparison.Ordinal), "the reason", Now);
        var log = await LogAsync(lines: 3);
        Assert.Contains("\"refusal\":\"TokenExpired\"", log, StringComparison.Ordinal);
        Assert.Contains("\"refusal\":\"NoToken\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Requests, static request => request.Path.StartsWith("/members/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_Object_LibraryForTokensIsLoadedOnlyIfItIsUsed(bool isUsed)
    {
        SeveralSites.Add(site.Origin, "/" + _file, seed: 2);
        var node = isUsed ? site.Node : await site.OpenAsync();
        await SeveralSites.VerifyAsync(node, "any.test", _file, seed: 2, Now);

        var maps = await File.ReadAllTextAsync($"/proc/{node.ProcessId}/maps", Now);

        Assert.Equal(isUsed, maps.Contains("/Microsoft.IdentityModel.", StringComparison.Ordinal));
        Assert.DoesNotContain("/Azure.", maps, StringComparison.Ordinal);
    }

    private async Task VerifyAsync(Node node, string token)
    {
        using var response = await SeveralSites.SendAsync(node, "any.test", "members/" + _file, Now, fields: ("Authorization", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Testing.Data.TestData.VerifyAsync(1, 0, SeveralSites.Size, await response.Content.ReadAsStreamAsync(Now), Now);
    }

    private string Sign(string subject, TimeSpan lifetime) => site.Sign(subject, lifetime);

    // The lines of this test's requests. They are in the file soon after the responses.
    private async Task<string> LogAsync(int lines)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Now);
        limit.CancelAfter(Patience.Limit);
        while (true)
        {
            var written = File.Exists(site.Log) ? await File.ReadAllLinesAsync(site.Log, limit.Token) : [];
            var own = written.Where(line => line.Contains("/" + _file, StringComparison.Ordinal)).ToList();
            if (own.Count >= lines && own.TrueForAll(static line => line.EndsWith('}')))
            {
                return string.Join('\n', own);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    /// <summary>The process with a route for tokens, and one without.</summary>
    public sealed class Site : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private Node? _open;

        public ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

        public Node Node { get; private set; } = null!;

        public string Log => _folder.Combine("access.log");

        public async ValueTask InitializeAsync()
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            await File.WriteAllTextAsync(
                _folder.Combine("jwks.json"), $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"{{Text(point.X!)}}","y":"{{Text(point.Y!)}}"}]}""", Now);
            Node = await StartAsync(
                ("AccessLog:To", Log),
                ("AccessLog:Format", "json"),
                ("AccessLog:FlushInterval", "00:00:00.010"),
                ("Routes:members:Access:BearerKeysFile", _folder.Combine("jwks.json")),
                ("Routes:members:Access:BearerIssuer", Issuer),
                ("Routes:members:Access:BearerAudience", "films"));
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            if (_open is { } open)
            {
                await open.DisposeAsync();
            }

            await Origin.DisposeAsync();
            _key.Dispose();
            _folder.Dispose();
        }

        /// <summary>Returns a process whose routes are open.</summary>
        internal async Task<Node> OpenAsync() => _open ??= await StartAsync();

        internal string Sign(string subject, TimeSpan lifetime)
        {
            var claims = new Dictionary<string, object> { ["iss"] = Issuer, ["aud"] = "films", ["sub"] = subject, ["exp"] = (TimeProvider.System.GetUtcNow() + lifetime).ToUnixTimeSeconds() };
            var message = $"{Text("""{"alg":"ES256","kid":"k"}"""u8)}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}";
            return $"{message}.{Text(_key.SignData(Encoding.ASCII.GetBytes(message), HashAlgorithmName.SHA256))}";
        }

        private static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

        private Task<Node> StartAsync(params (string Key, string Value)[] more)
        {
            (string Key, string Value)[] settings = [("Routes:open:Path", "/"), ("Routes:members:Path", "/members/"), .. more];
            return Node.StartAsync(
                ["-url", Origin.BaseAddress.ToString(), "-size-d", "0", "-size-m", "32MiB"],
                Now,
                settings.ToDictionary(static setting => Setting.InEnvironment(setting.Key), static setting => (string?)setting.Value),
                _folder.Path);
        }
    }
}
