using System.Text;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Tests.Hosting;
using ChunkProxy.Web.Tests.Http.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Access;

/// <summary>Bearer tokens on a real server, with keys in a file.</summary>
public sealed class BearerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TokenIssuer _issuer = TokenIssuer.WithRsa();

    private static DateTimeOffset InAnHour => FrontEndHost.Start + TimeSpan.FromHours(1);

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("GET", "Bearer")]
    [InlineData("HEAD", "bearer")]
    public async Task Read_ValidToken_IsServedAndTheOriginGetsNone(string method, string scheme)
    {
        await using var host = await StartAsync();
        var token = _issuer.Sign(TokenIssuer.Claims(InAnHour));

        for (var i = 0; i < 2; i++) // the second from the cache of tokens
        {
            Assert.Equal(200, (await host.SendAsync(method, "/film", $"Authorization: {scheme} {token}")).Status);
        }

        Assert.All(host.Reader.Finds, static find => Assert.DoesNotContain("uthorization", find.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Read_TokenOfAnEllipticCurve_IsServed()
    {
        using var issuer = TokenIssuer.WithCurve("two");
        await using var host = await StartAsync(TokenIssuer.KeySetOf(_issuer, issuer));

        Assert.Equal(200, await StatusAsync(host, issuer.Sign(TokenIssuer.Claims(InAnHour))));
    }

    [Fact]
    public async Task Read_NoToken_Is401WithAChallengeAndWithoutAReason()
    {
        await using var host = await StartAsync();

        var answer = await host.SendAsync("GET", "/film");

        Assert.Equal((401, "Bearer realm=\"chunkproxy\"", "401 Unauthorized: Access is denied.\n"), (answer.Status, answer["WWW-Authenticate"], Encoding.UTF8.GetString(answer.Body)));
        Assert.Empty(host.Reader.Finds);
    }

    [Theory]
    [InlineData("exp", -61L)]
    [InlineData("exp", null)]
    [InlineData("nbf", 61L)]
    [InlineData("iss", "https://other.test/")]
    [InlineData("iss", null)]
    [InlineData("aud", "music")]
    [InlineData("aud", null)]
    public async Task Read_WrongClaim_Is401(string name, object? value)
    {
        await using var host = await StartAsync();
        var claims = TokenIssuer.Claims(InAnHour);
        claims.Remove(name);
        if (value is not null)
        {
            claims[name] = value is long seconds ? FrontEndHost.Start.ToUnixTimeSeconds() + seconds : value;
        }

        var answer = await host.SendAsync("GET", "/film", $"Authorization: Bearer {_issuer.Sign(claims)}");

        Assert.Equal((401, "Bearer realm=\"chunkproxy\", error=\"invalid_token\"", "401 Unauthorized: Access is denied.\n"), (answer.Status, answer["WWW-Authenticate"], Encoding.UTF8.GetString(answer.Body)));
        Assert.Empty(host.Reader.Finds);
    }

    [Fact]
    public async Task Read_TokenThatExpiresInTheFarthestFuture_IsServed()
    {
        await using var host = await StartAsync();
        var token = _issuer.Sign(TokenIssuer.Claims(DateTimeOffset.MaxValue));

        Assert.Equal((200, 200), (await StatusAsync(host, token), await StatusAsync(host, token)));
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("HS256", null)] // the public key as a secret
    [InlineData("RS256", "unknown")] // and a key that the set does not have
    public async Task Read_WrongSignature_Is401(string algorithm, string? keyId)
    {
        await using var host = await StartAsync();
        using var stranger = TokenIssuer.WithRsa();
        var issuer = keyId is null ? _issuer : stranger;

        Assert.Equal(401, await StatusAsync(host, issuer.Sign(TokenIssuer.Claims(InAnHour), algorithm, keyId)));
        Assert.Equal(401, await StatusAsync(host, stranger.Sign(TokenIssuer.Claims(InAnHour)))); // with the name of the right key
        Assert.Empty(host.Reader.Finds);
    }

    [Theory]
    [InlineData("Basic eDp5")]
    [InlineData("Bearer")]
    [InlineData("Bearer x")]
    [InlineData("Bearer a.b.c")]
    [InlineData("Bearer TOKEN more")]
    [InlineData("Bearer TOKENx")]
    [InlineData("Bearer TOKEN\r\nAuthorization: Bearer TOKEN")]
    public async Task Read_MalformedField_Is401(string field)
    {
        await using var host = await StartAsync();

        var answer = await host.SendAsync("GET", "/film", $"Authorization: {field.Replace("TOKEN", _issuer.Sign(TokenIssuer.Claims(InAnHour)), StringComparison.Ordinal)}");

        Assert.Equal(401, answer.Status);
        Assert.StartsWith("Bearer realm=", answer["WWW-Authenticate"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_LongToken_IsRefusedUnread()
    {
        await using var host = await StartAsync();
        var claims = TokenIssuer.Claims(InAnHour);
        claims["more"] = new string('x', BearerRules.LongestToken);

        Assert.Equal(401, await StatusAsync(host, _issuer.Sign(claims)));
    }

    [Theory]
    [InlineData("scope", "films:read other", 200)]
    [InlineData("scp", "films:read", 200)]
    [InlineData("scope", "films:readers", 403)]
    [InlineData("scopes", "films:read", 403)]
    public async Task Read_RequiredScope_Decides(string name, string value, int status)
    {
        await using var host = await StartAsync(configure: static options => options.BearerScope = "films:read");
        var claims = TokenIssuer.Claims(InAnHour);
        claims[name] = value;

        var answer = await host.SendAsync("GET", "/film", $"Authorization: Bearer {_issuer.Sign(claims)}");

        Assert.Equal((status, status == 200 ? null : "Bearer realm=\"chunkproxy\", error=\"insufficient_scope\""), (answer.Status, answer["WWW-Authenticate"]));
    }

    [Theory]
    [InlineData("gold", 200)]
    [InlineData("silver", 403)]
    public async Task Read_RequiredClaim_Decides(string plan, int status)
    {
        await using var host = await StartAsync(configure: static options => options.BearerClaims = "plan=gold, role=viewer");
        var claims = TokenIssuer.Claims(InAnHour);
        claims["plan"] = plan;
        claims["role"] = new[] { "editor", "viewer" };

        Assert.Equal(status, await StatusAsync(host, _issuer.Sign(claims)));
    }

    [Fact]
    public async Task Read_TokenExpires_Is401ThoughItWasAdmittedBefore()
    {
        await using var host = await StartAsync();
        var token = _issuer.Sign(TokenIssuer.Claims(InAnHour));
        Assert.Equal(200, await StatusAsync(host, token));

        host.Time.Advance(TimeSpan.FromMinutes(60.5)); // within the tolerance for clocks
        Assert.Equal(200, await StatusAsync(host, token));

        host.Time.Advance(TimeSpan.FromMinutes(0.5));
        Assert.Equal(401, await StatusAsync(host, token));
    }

    [Fact]
    public async Task Read_KeysAreReplaced_TokensOfTheOldKeyAreRefused()
    {
        await using var host = await StartAsync();
        using var next = TokenIssuer.WithRsa("two");
        var (old, token) = (_issuer.Sign(TokenIssuer.Claims(InAnHour)), next.Sign(TokenIssuer.Claims(InAnHour)));
        Assert.Equal((200, 401), (await StatusAsync(host, old), await StatusAsync(host, token)));

        await ReplaceAsync(TokenIssuer.KeySetOf(next, _issuer));
        Assert.Equal((200, 200), (await StatusAsync(host, old), await StatusAsync(host, token)));

        await ReplaceAsync(TokenIssuer.KeySetOf(next));
        Assert.Equal((401, 200), (await StatusAsync(host, old), await StatusAsync(host, token)));

        await ReplaceAsync("{\"keys\":[]}"); // the former ones stay
        Assert.Equal((401, 200), (await StatusAsync(host, old), await StatusAsync(host, token)));

        Task ReplaceAsync(string keys)
        {
            host.Time.Advance(TimeSpan.FromSeconds(5));
            return File.WriteAllTextAsync(_folder.Combine("keys"), keys, TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("{\"keys\":[]}", "BearerKeysFile: has 0 keys")]
    [InlineData("no JSON", "BearerKeysFile: is not a JSON Web Key Set")]
    [InlineData(null, "BearerKeysFile: cannot be read")]
    public void Validate_WrongFile_IsNamed(string? content, string message)
    {
        if (content is not null)
        {
            File.WriteAllText(_folder.Combine("keys"), content);
        }

        var options = new AccessOptions { BearerKeysFile = _folder.Combine("keys"), BearerIssuer = TokenIssuer.Name, BearerAudience = "films" };

        Assert.Contains("ChunkProxy:Access:" + message, new AccessOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(AccessOptions.BearerIssuer), "", "BearerIssuer: is missing")]
    [InlineData(nameof(AccessOptions.BearerAudience), "", "BearerAudience: is missing")]
    [InlineData(nameof(AccessOptions.BearerClaims), "plan", "BearerClaims: 'plan' is not a claim")]
    [InlineData(nameof(AccessOptions.BearerKeysFile), "", "BearerIssuer: has no effect without BearerKeysFile or BearerAuthority")]
    public void Validate_WrongSetting_IsNamed(string key, string value, string message)
    {
        File.WriteAllText(_folder.Combine("keys"), TokenIssuer.KeySetOf(_issuer));
        var options = new AccessOptions { BearerKeysFile = _folder.Combine("keys"), BearerIssuer = TokenIssuer.Name, BearerAudience = "films" };
        typeof(AccessOptions).GetProperty(key)!.SetValue(options, value);

        Assert.Contains("ChunkProxy:Access:" + message, new AccessOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://login.example/realms/films", true)]
    [InlineData("http://127.0.0.1:99/", true)]
    [InlineData("http://login.example/", false)]
    [InlineData("https://login.example/?tenant=1", false)]
    [InlineData("login.example", false)]
    public void Validate_Authority_NeedsTls(string url, bool isValid) =>
        Assert.Equal(isValid, new AccessOptionsValidator().Validate(null, new AccessOptions { BearerAuthority = new Uri(url, UriKind.RelativeOrAbsolute), BearerAudience = "films" }).Succeeded);

    private static async Task<int> StatusAsync(FrontEndHost host, string token) => (await host.SendAsync("GET", "/film", $"Authorization: Bearer {token}")).Status;

    private async Task<FrontEndHost> StartAsync(string? keys = null, Action<AccessOptions>? configure = null)
    {
        await File.WriteAllTextAsync(_folder.Combine("keys"), keys ?? TokenIssuer.KeySetOf(_issuer), TestContext.Current.CancellationToken);
        var host = await FrontEndHost.StartAsync(replace: services => services.Configure<AccessOptions>(options =>
        {
            (options.BearerKeysFile, options.BearerIssuer, options.BearerAudience) = (_folder.Combine("keys"), TokenIssuer.Name, $"music-of-others,{TokenIssuer.Audience}");
            configure?.Invoke(options);
        }));
        host.Reader.Add(FakeObject.Film(1000, 1000));
        return host;
    }
}
