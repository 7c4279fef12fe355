using Azure.Core;
using ChunkProxy.Cache.Origin;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>Tokens for Azure Blob Storage: one for all requests, renewed before it expires, and sent to nobody else.</summary>
public sealed class AzureTokenTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 24, 1, 2, 3, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);
    private readonly Lock _gate = new();
    private TaskCompletionSource<AccessToken>? _answer; // under _gate; null: at once
    private string? _fault;
    private int _asked;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TrySign_SeveralRequests_ShareOneToken()
    {
        var token = Signer();
        lock (_gate)
        {
            _answer = new TaskCompletionSource<AccessToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        var signed = Enumerable.Range(0, 5).Select(_ => SignAsync(token)).ToList();
        _answer.SetResult(new AccessToken("token 1", Start.AddHours(1)));

        Assert.All(await Task.WhenAll(signed), static authorization => Assert.Equal("Bearer token 1", authorization));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task TrySign_Request_HasWhatTheServiceNeeds()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://account.blob.test/films/a.mp4");
        message.Headers.TryAddWithoutValidation("Authorization", "Bearer of-a-client");

        Assert.True(await Signer().TrySignAsync(message, Stop));

        Assert.Equal(
            ["Authorization: Bearer token 1", "x-ms-date: Sun, 24 May 2026 01:02:03 GMT", "x-ms-version: 2023-11-03"],
            message.Headers.NonValidated.Select(static field => $"{field.Key}: {field.Value}"));
    }

    [Fact]
    public async Task TrySign_VersionOfTheOperator_Stays()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://account.blob.test/films/a.mp4") { Headers = { { "x-ms-version", "2025-01-05" } } };

        Assert.True(await Signer().TrySignAsync(message, Stop));

        Assert.Equal("2025-01-05", message.Headers.GetValues("x-ms-version").Single());
    }

    [Fact]
    public async Task TrySign_TokenExpiresSoon_IsRenewedWhileTheOldOneIsUsed()
    {
        var token = Signer();
        Assert.Equal("Bearer token 1", await SignAsync(token));
        _time.Advance(TimeSpan.FromMinutes(54));
        Assert.Equal(("Bearer token 1", 1), (await SignAsync(token), _asked));

        _time.Advance(TimeSpan.FromMinutes(1)); // five minutes before it expires
        var next = new TaskCompletionSource<AccessToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _answer = next;
        }

        Assert.Equal("Bearer token 1", await SignAsync(token));
        next.SetResult(new AccessToken("token 2", _time.GetUtcNow().AddHours(1)));
        lock (_gate)
        {
            _answer = null;
        }

        _time.Advance(TimeSpan.FromMinutes(4)); // from here on the old one is not used: what waits gets the new one
        Assert.Equal("Bearer token 2", await SignAsync(token));
    }

    [Fact]
    public async Task TrySign_SourceFails_IsAskedAgainAfterAWhile()
    {
        var token = Signer();
        _fault = "no\nidentity";

        Assert.Null(await SignAsync(token));
        Assert.Null(await SignAsync(token));
        Assert.Equal(1, _asked);

        _fault = null;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Bearer token 2", await SignAsync(token));
    }

    [Fact]
    public async Task TrySign_WithoutTls_SendsNoToken()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "http://account.blob.test/films/a.mp4");

        Assert.False(await Signer().TrySignAsync(message, Stop));
        Assert.Empty(message.Headers.NonValidated);
    }

    [Fact]
    public async Task IsIn_TextOfTheOrigin_FindsTheToken()
    {
        var token = Signer();
        Assert.False(token.IsIn("a token 1"));
        await SignAsync(token);

        Assert.True(token.IsIn("<Error>token 1</Error>"));
        Assert.False(token.IsIn("<Error>token 2</Error>"));
    }

    [Fact]
    public async Task RemoveFrom_SignedRequest_HasNoTokenAnyMore()
    {
        var token = Signer();
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://account.blob.test/films/a.mp4");
        await token.TrySignAsync(message, Stop);

        token.RemoveFrom(message);

        Assert.DoesNotContain(message.Headers.NonValidated, static field => field.Value.ToString().Contains("token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AzureIdentity.ManagedIdentity, "eu-central-1", null, null, "OriginAccess:AzureIdentity: cannot be combined with S3Region")]
    [InlineData(null, null, "client", null, "OriginAccess:AzureClientId: has no effect without AzureIdentity")]
    [InlineData(AzureIdentity.AzureCli, null, "client", null, "OriginAccess:AzureClientId: has no effect with AzureCli")]
    [InlineData(AzureIdentity.Default, null, null, "authorization: x", "OriginAccess:Fields: has no effect on Authorization with AzureIdentity")]
    [InlineData(AzureIdentity.WorkloadIdentity, null, "client", "X-A: b", null)]
    public void Validate_Settings_NamesWhatIsWrong(AzureIdentity? kind, string? region, string? client, string? fields, string? message)
    {
        var options = new OriginAccessOptions { AzureIdentity = kind, S3Region = region, AzureClientId = client, Fields = fields };

        var result = new OriginAccessOptionsValidator().Validate(null, options);

        Assert.Equal(message is null, result.Succeeded);
        Assert.Contains(message ?? "", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    private AzureToken Signer() => new(AskAsync, _time, NullLogger.Instance);

    private Task<AccessToken> AskAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _asked++;
            return _fault is not null ? throw new InvalidOperationException(_fault)
                : _answer?.Task ?? Task.FromResult(new AccessToken($"token {_asked}", _time.GetUtcNow().AddHours(1)));
        }
    }

    private static async Task<string?> SignAsync(AzureToken token)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://account.blob.test/films/a.mp4");
        return await token.TrySignAsync(message, Stop) ? message.Headers.GetValues("Authorization").Single() : null;
    }
}
