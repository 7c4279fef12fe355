using System.Collections.Concurrent;
using System.Net;
using ChunkProxy.Web.Http.Access;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Web.Tests.Http.Access;

/// <summary>Keys that an issuer publishes: fetched when needed, again when a token names another, and not too often.</summary>
public sealed class BearerAuthorityTests : IDisposable
{
    private static readonly Uri Url = new("https://login.test/realm/");

    private readonly FakeTimeProvider _time = new();
    private readonly TokenIssuer _one = TokenIssuer.WithCurve();
    private readonly TokenIssuer _two = TokenIssuer.WithCurve("two");
    private readonly Answers _answers = new();
    private readonly HttpClient _http;
    private readonly BearerAuthority _authority;

    public BearerAuthorityTests()
    {
        _http = new HttpClient(_answers);
        _authority = new BearerAuthority(Url, _http, _time, NullLogger.Instance);
        _answers.Metadata = """{"issuer":"https://login.test/realm/","jwks_uri":"https://keys.test/all"}""";
        _answers.Keys = TokenIssuer.KeySetOf(_one);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _answers.Dispose();
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task Current_First_FetchesOnceForAllRequests()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _authority.CurrentAsync(known: null, Stop).AsTask()));

        Assert.All(all, keys => Assert.Same(all[0], keys));
        Assert.Equal("https://login.test/realm/", all[0]!.Issuer);
        Assert.Equal(["https://login.test/realm/.well-known/openid-configuration", "https://keys.test/all"], _answers.Asked);
    }

    [Fact]
    public async Task Current_TokenOfAnUnknownKey_FetchesAgainAtMostOnceAMinute()
    {
        var first = await _authority.CurrentAsync(known: null, Stop);
        _answers.Keys = TokenIssuer.KeySetOf(_one, _two);

        Assert.Same(first, await _authority.CurrentAsync(first, Stop));
        Assert.Equal(2, _answers.Asked.Count);

        _time.Advance(TimeSpan.FromMinutes(1));
        var second = await _authority.CurrentAsync(first, Stop);

        Assert.NotSame(first, second);
        Assert.Equal(2, second!.Keys.Count);
        Assert.Same(second, await _authority.CurrentAsync(second, Stop));
        Assert.Equal(4, _answers.Asked.Count);
    }

    [Fact]
    public async Task Current_AuthorityFails_KnownKeysStayForADay()
    {
        var first = await _authority.CurrentAsync(known: null, Stop);
        _answers.Metadata = null;

        _time.Advance(TimeSpan.FromHours(23));
        Assert.Same(first, await _authority.CurrentAsync(known: null, Stop));
        Assert.Same(first, await _authority.CurrentAsync(first, Stop)); // waits for the fetch of the line above

        _time.Advance(TimeSpan.FromHours(2));
        Assert.Null(await _authority.CurrentAsync(known: null, Stop));

        _answers.Metadata = """{"issuer":"https://login.test/realm/","jwks_uri":"https://keys.test/all"}""";
        Assert.Null(await _authority.CurrentAsync(known: null, Stop)); // not asked so soon
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await _authority.CurrentAsync(known: null, Stop));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no JSON")]
    [InlineData("""{"issuer":"https://login.test/realm/","jwks_uri":"http://keys.test/all"}""")] // without TLS
    [InlineData("""{"issuer":"","jwks_uri":"https://keys.test/all"}""")]
    [InlineData("""{"issuer":5,"jwks_uri":"https://keys.test/all"}""")]
    public async Task Current_WrongMetadata_IsNone(string metadata)
    {
        _answers.Metadata = metadata;

        Assert.Null(await _authority.CurrentAsync(known: null, Stop));
    }

    [Fact]
    public async Task Check_TokenOfANewKey_IsAdmittedAfterTheFetch()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        var check = new BearerCheck(new BearerRules(new AccessOptions { BearerAudience = TokenIssuer.Audience, BearerIssuer = TokenIssuer.Name }), _authority, _time);
        var claims = TokenIssuer.Claims(_time.GetUtcNow().AddHours(5));
        Assert.Equal(AccessVerdict.Admitted, await check.JudgeAsync("Bearer " + _one.Sign(claims), Stop));
        Assert.Equal(AccessVerdict.TokenSignedByOther, await check.JudgeAsync("Bearer " + _two.Sign(claims), Stop));

        _answers.Keys = TokenIssuer.KeySetOf(_two);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(AccessVerdict.Admitted, await check.JudgeAsync("Bearer " + _two.Sign(claims), Stop));
        Assert.Equal(AccessVerdict.TokenSignedByOther, await check.JudgeAsync("Bearer " + _one.Sign(claims), Stop)); // though it was admitted before
    }

    [Fact]
    public async Task Check_NoKeys_IsSaid()
    {
        _answers.Metadata = null;
        var check = new BearerCheck(new BearerRules(new AccessOptions { BearerAudience = TokenIssuer.Audience }), _authority, _time);

        Assert.Equal(AccessVerdict.NoTokenKeys, await check.JudgeAsync("Bearer " + _one.Sign(TokenIssuer.Claims(_time.GetUtcNow().AddHours(1))), Stop));
    }

    [Fact]
    public async Task Check_IssuerIsNotConfigured_IsThatOfTheMetadata()
    {
        var check = new BearerCheck(new BearerRules(new AccessOptions { BearerAudience = TokenIssuer.Audience }), _authority, _time);
        var claims = TokenIssuer.Claims(_time.GetUtcNow().AddHours(1));
        Assert.Equal(AccessVerdict.TokenOfOtherIssuer, await check.JudgeAsync("Bearer " + _one.Sign(claims), Stop));

        claims["iss"] = "https://login.test/realm/";
        Assert.Equal(AccessVerdict.Admitted, await check.JudgeAsync("Bearer " + _one.Sign(claims), Stop));
    }

    // Null: the server fails.
    private sealed class Answers : HttpMessageHandler
    {
        public string? Metadata { get; set; }

        public string? Keys { get; set; }

        public ConcurrentQueue<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Enqueue(request.RequestUri!.ToString());
            var text = request.RequestUri.Host == "keys.test" ? Keys : Metadata;
            return Task.FromResult(text is null ? new HttpResponseMessage(HttpStatusCode.BadGateway) : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(text) });
        }
    }
}
