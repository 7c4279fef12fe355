using System.Text.Json;
using ChunkProxy.Cache.Metering;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The keys of bearer tokens at an issuer, found by its metadata (OpenID Connect Discovery 1.0 §4).</summary>
/// <remarks>
/// The keys are fetched with the first request that needs them, again each hour in the background, and when a token names a key that is not among them,
/// at most once a minute. Keys that are a day old are not used any more. All requests share one fetch.
/// </remarks>
internal sealed partial class BearerAuthority(Uri url, HttpClient http, TimeProvider time, ILogger log) : IBearerKeySource
{
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan Usable = TimeSpan.FromDays(1);
    private static readonly TimeSpan BetweenFetches = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly Recurrence _failures = new(time);
    private readonly Lock _gate = new();
    private BearerKeys? _keys; // under _gate
    private long _keysSince; // under _gate
    private Task _fetch = Task.CompletedTask; // under _gate
    private long? _askedAt; // under _gate
    private bool _hasFailed; // under _gate

    public async ValueTask<BearerKeys?> CurrentAsync(BearerKeys? known, CancellationToken cancellationToken)
    {
        if (Look(known, out var fetch) is { } current)
        {
            return current;
        }

        await fetch.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            return Usables();
        }
    }

    // Returns keys that can be used without waiting; otherwise null and what to wait for.
    private BearerKeys? Look(BearerKeys? known, out Task fetch)
    {
        lock (_gate)
        {
            var keys = Usables();
            var hasNewer = keys is not null && !ReferenceEquals(keys, known);
            if (_fetch.IsCompleted && MayFetch(isDue: !hasNewer || time.GetElapsedTime(_keysSince) >= Fresh))
            {
                _askedAt = time.GetTimestamp();
                _fetch = Task.Run(FetchAsync, CancellationToken.None);
            }

            fetch = _fetch;
            return hasNewer ? keys : null;
        }
    }

    // Called under _gate.
    private bool MayFetch(bool isDue) =>
        isDue && (_askedAt is not { } at || time.GetElapsedTime(at) >= (_hasFailed ? AfterFailure : BetweenFetches));

    // Called under _gate.
    private BearerKeys? Usables() => _keys is not null && time.GetElapsedTime(_keysSince) < Usable ? _keys : null;

    // Throws nothing: waiting requests look at the keys.
    private async Task FetchAsync()
    {
        try
        {
            var metadata = await http.GetStringAsync(new Uri($"{url.ToString().TrimEnd('/')}/.well-known/openid-configuration"), CancellationToken.None).ConfigureAwait(false);
            var (issuer, keysUrl) = Read(metadata);
            var keys = BearerKeys.Parse(await http.GetStringAsync(keysUrl, CancellationToken.None).ConfigureAwait(false), issuer);
            lock (_gate)
            {
                (_keys, _keysSince, _hasFailed) = (keys, time.GetTimestamp(), false);
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            lock (_gate)
            {
                _hasFailed = true;
            }

            if (_failures.Happened() is > 0 and var count)
            {
                LogNoKeys(log, url, error.Message.ReplaceLineEndings(" "), count);
            }
        }
    }

    private (string Issuer, Uri Keys) Read(string metadata)
    {
        using var json = JsonDocument.Parse(metadata);
        var issuer = json.RootElement.GetProperty("issuer").GetString();
        var keys = json.RootElement.GetProperty("jwks_uri").GetString();
        return !string.IsNullOrEmpty(issuer) && Uri.TryCreate(keys, UriKind.Absolute, out var keysUrl) && (keysUrl.Scheme == "https" || keysUrl.Scheme == url.Scheme)
            ? (issuer, keysUrl)
            : throw new FormatException("its metadata has no issuer, or no jwks_uri with https");
    }

    [LoggerMessage(1, LogLevel.Warning, "Cannot read the keys of bearer tokens from {Authority}: {Reason}. Known keys stay in use for a day. Failures since this was last logged: {Count}")]
    private static partial void LogNoKeys(ILogger log, Uri authority, string reason, int count);
}
