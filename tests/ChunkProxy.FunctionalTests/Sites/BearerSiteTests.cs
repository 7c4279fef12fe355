using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>A route for bearer tokens beside an open one, in a real process.</summary>
public sealed class BearerSiteTests : IAsyncDisposable
{
    private const string Issuer = "https://login.test/";

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private string KeySet
    {
        get
        {
            var point = _key.ExportParameters(includePrivateParameters: false).Q;
            return $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"k","x":"{{Text(point.X!)}}","y":"{{Text(point.Y!)}}"}]}""";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Get_SecondViewersToken_IsAHitAndNoTokenLeavesTheProcess()
    {
        SeveralSites.Add(_origin, "/members/a.mp4", seed: 1);
        await using var node = await StartAsync(withBearer: true);
        var (anna, ben) = (Sign("anna", TimeSpan.FromHours(1)), Sign("ben", TimeSpan.FromHours(1)));

        await VerifyAsync(node, anna);
        var asked = _origin.Requests.Count;
        await VerifyAsync(node, ben);

        Assert.Equal(asked, _origin.Requests.Count);
        Assert.All(_origin.Requests, static request => Assert.Null(request["Authorization"]));
        var stats = await node.Client.GetStringAsync("_chunkproxy/stats", Now);
        Assert.Equal(0, await node.StopAsync(Now));
        Assert.All([stats, node.Output, await File.ReadAllTextAsync(_folder.Combine("access.log"), Now)], text => Assert.DoesNotContain(anna[..40], text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_NoTokenOrAnExpiredOne_IsRefusedWithTheReasonInTheLogsOnly()
    {
        SeveralSites.Add(_origin, "/members/a.mp4", seed: 1);
        SeveralSites.Add(_origin, "/a.mp4", seed: 2);
        await using var node = await StartAsync(withBearer: true);

        using (var refused = await SeveralSites.SendAsync(node, "any.test", "members/a.mp4", Now, fields: ("Authorization", $"Bearer {Sign("anna", TimeSpan.FromHours(-1))}")))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer realm=\"chunkproxy\", error=\"invalid_token\"", refused.Headers.WwwAuthenticate.ToString());
            Assert.Equal("401 Unauthorized: Access is denied.\n", await refused.Content.ReadAsStringAsync(Now));
        }

        using (var refused = await SeveralSites.SendAsync(node, "any.test", "members/a.mp4", Now))
        {
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"chunkproxy\""), (refused.StatusCode, refused.Headers.WwwAuthenticate.ToString()));
        }

        await SeveralSites.VerifyAsync(node, "any.test", "a.mp4", seed: 2, Now); // the other route
        await node.WhenLineAsync(static line => line.Contains("Refused /members/a.mp4 to 127.0.0.1: TokenExpired", StringComparison.Ordinal), "the reason", Now);
        Assert.Equal(0, await node.StopAsync(Now));
        var log = await File.ReadAllTextAsync(_folder.Combine("access.log"), Now);
        Assert.Contains("\"refusal\":\"TokenExpired\"", log, StringComparison.Ordinal);
        Assert.Contains("\"refusal\":\"NoToken\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(_origin.Requests, static request => request.Path.StartsWith("/members/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_Object_LibraryForTokensIsLoadedOnlyIfItIsUsed(bool isUsed)
    {
        SeveralSites.Add(_origin, "/a.mp4", seed: 2);
        await using var node = await StartAsync(isUsed);
        await SeveralSites.VerifyAsync(node, "any.test", "a.mp4", seed: 2, Now);

        var maps = await File.ReadAllTextAsync($"/proc/{node.ProcessId}/maps", Now);

        Assert.Equal(isUsed, maps.Contains("/Microsoft.IdentityModel.", StringComparison.Ordinal));
        Assert.DoesNotContain("/Azure.", maps, StringComparison.Ordinal);
    }

    private static async Task VerifyAsync(Node node, string token)
    {
        using var response = await SeveralSites.SendAsync(node, "any.test", "members/a.mp4", Now, fields: ("Authorization", $"Bearer {token}"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await Testing.Data.TestData.VerifyAsync(1, 0, SeveralSites.Size, await response.Content.ReadAsStreamAsync(Now), Now);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private string Sign(string subject, TimeSpan lifetime)
    {
        var claims = new Dictionary<string, object> { ["iss"] = Issuer, ["aud"] = "films", ["sub"] = subject, ["exp"] = (TimeProvider.System.GetUtcNow() + lifetime).ToUnixTimeSeconds() };
        var message = $"{Text("""{"alg":"ES256","kid":"k"}"""u8)}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{message}.{Text(_key.SignData(Encoding.ASCII.GetBytes(message), HashAlgorithmName.SHA256))}";
    }

    private async Task<Node> StartAsync(bool withBearer)
    {
        await File.WriteAllTextAsync(_folder.Combine("jwks.json"), KeySet, Now);
        (string Key, string Value)[] settings =
        [
            ("Routes:open:Path", "/"),
            ("Routes:members:Path", "/members/"),
            ("AccessLog:To", _folder.Combine("access.log")),
            ("AccessLog:Format", "json"),
            .. withBearer
                ?
                [
                    ("Routes:members:Access:BearerKeysFile", _folder.Combine("jwks.json")),
                    ("Routes:members:Access:BearerIssuer", Issuer),
                    ("Routes:members:Access:BearerAudience", "films"),
                ]
                : Array.Empty<(string, string)>(),
        ];
        return await Node.StartAsync(
            ["-url", _origin.BaseAddress.ToString(), "-size-d", "0", "-size-m", "32MiB"],
            Now,
            settings.ToDictionary(static setting => Setting.InEnvironment(setting.Key), static setting => (string?)setting.Value),
            _folder.Path);
    }
}
