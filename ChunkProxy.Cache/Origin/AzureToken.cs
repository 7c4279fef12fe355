using System.Globalization;
using Azure.Core;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Adds a token of Microsoft Entra ID to requests to Azure Blob Storage (<c>Authorization: Bearer</c>).</summary>
/// <remarks>
/// All requests share one token and one look-up for it. A token is renewed in the background from <see cref="AccessToken.RefreshOn"/> on, at the latest five
/// minutes before it expires, and used until a minute before.
/// </remarks>
internal sealed class AzureToken(Func<CancellationToken, Task<AccessToken>> source, TimeProvider time, ILogger log) : IOriginSigner
{
    private const string VersionField = "x-ms-version";
    private const string DateField = "x-ms-date";

    // Of the Blob Storage REST API. Tokens need 2017-11-09 or later.
    private const string Version = "2023-11-03";

    private static readonly TimeSpan RenewedBefore = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UnusedBefore = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Recurrence _failures = new(time);
    private readonly SentSecrets _sent = new(most: 2);
    private readonly Lock _gate = new();
    private AccessToken? _token; // under _gate
    private Task<AccessToken>? _asking; // under _gate
    private long _askedAt; // under _gate

    public async ValueTask<bool> TrySignAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (message.RequestUri!.Scheme != "https")
            {
                throw new InvalidOperationException("a token is sent with https only");
            }

            var token = Usable(out var asking) ?? await asking!.WaitAsync(cancellationToken).ConfigureAwait(false);
            _sent.Add(token.Token);
            RemoveFrom(message);
            message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token.Token);
            message.Headers.TryAddWithoutValidation(DateField, time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture));
            if (!message.Headers.NonValidated.Contains(VersionField))
            {
                message.Headers.TryAddWithoutValidation(VersionField, Version);
            }

            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested) // of any kind: a credential is a plug-in of the SDK
        {
            if (_failures.Happened() is > 0 and var count)
            {
                log.NoAzureToken(error.Message.ReplaceLineEndings(" "), count);
            }

            return false;
        }
    }

    public bool IsIn(string text) => _sent.AreIn(text);

    public void RemoveFrom(HttpRequestMessage message)
    {
        message.Headers.Remove("Authorization");
        message.Headers.Remove(DateField);
    }

    // Returns the token, or null and what to wait for.
    private AccessToken? Usable(out Task<AccessToken>? asking)
    {
        lock (_gate)
        {
            if (_asking is { IsCompletedSuccessfully: true } && (_token is not { } old || _asking.Result.ExpiresOn > old.ExpiresOn))
            {
                _token = _asking.Result;
            }

            var now = time.GetUtcNow();
            if ((_asking is null or { IsCompleted: true }) && MayAsk(now))
            {
                _askedAt = time.GetTimestamp();
                _asking = Task.Run(AskAsync, CancellationToken.None);
            }

            asking = _asking;
            return _token is { } token && now < token.ExpiresOn - UnusedBefore ? token : null;
        }
    }

    // Called under _gate.
    private bool MayAsk(DateTimeOffset now) =>
        (_token is not { } token || now >= token.ExpiresOn - RenewedBefore || now >= token.RefreshOn) && (_asking is null || time.GetElapsedTime(_askedAt) >= AfterFailure);

    // Not for one request: its end must not end the look-up.
    private async Task<AccessToken> AskAsync()
    {
        using var limit = new CancellationTokenSource(Patience, time);
        return await source(limit.Token).ConfigureAwait(false);
    }
}
