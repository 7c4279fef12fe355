using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>The way to other members' pool ports: connections, the pool key, and whether a silent member is slow or gone.</summary>
internal sealed class PeerTransport : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly PeerBreakers _breakers;
    private readonly ClusterView _cluster;
    private readonly PeerOptions _options;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly AuthenticationHeaderValue? _key;
    private readonly string _scheme;
    private readonly ConditionalWeakTable<Member, Uri> _chunkUris = []; // for as long as the membership names them

    public PeerTransport(PeerBreakers breakers, ClusterView cluster, PoolSecurity security, IOptions<PeerOptions> options, TimeProvider time, CacheMetrics metrics)
    {
        _breakers = breakers;
        _cluster = cluster;
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _key = security.Authorization;
        _scheme = security.Scheme;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectTimeout = _options.ConnectTimeout,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null, // ours is cheaper, and silent without a trace
            SslOptions = security.ClientTls,
        });
    }

    /// <summary>What the connection or the peer's end of it may do to a request.</summary>
    /// <remarks>A <see cref="SocketException"/> comes out of the handler as it is, from a connection that was reset as soon as it was made.</remarks>
    public static bool IsFault(Exception error) => error is HttpRequestException or IOException or SocketException;

    /// <summary>Returns a field of an answer, or null.</summary>
    public static string? Field(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>Returns a message with what every one of them carries: key, epoch, and the trace that it belongs to.</summary>
    public HttpRequestMessage CreateMessage(HttpMethod method, Member peer, string path)
    {
        var message = new HttpRequestMessage(method, UriOf(peer, path)) { Version = HttpVersion.Version11 };
        message.Headers.Authorization = _key;
        message.Headers.TryAddWithoutValidation(PoolProtocol.Epoch, _cluster.Owners.Epoch.Number.ToString("x16", CultureInfo.InvariantCulture));
        if (path != PoolProtocol.PingPath && Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            message.Headers.TryAddWithoutValidation("traceparent", trace);
        }

        return message;
    }

    /// <summary>Brings the answer's head. Never throws for what the peer or the network does.</summary>
    /// <remarks>
    /// A peer that is silent may be waiting for a slow origin: only one that does not answer a ping either is given up.
    /// One that was asked for what it has waits for nobody: its answer is not waited for longer, and whether it lives is found out beside.
    /// Otherwise a read that has waited for a hung owner would wait once more, while the stand-in asks that owner what it has.
    /// </remarks>
    public async Task<(HttpResponseMessage? Response, PeerReadOutcome Outcome)> SendAsync(
        Member peer, HttpRequestMessage message, bool mayBeSlow, CancellationToken cancellationToken)
    {
        if (_breakers.IsOpen(peer.Id))
        {
            return (null, PeerReadOutcome.Avoided);
        }

        var asked = _time.GetTimestamp();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sending = _http.SendAsync(message, ended.Token);
        while (true)
        {
            try
            {
                var response = await sending.WaitAsync(_options.Silence, _time, CancellationToken.None).ConfigureAwait(false);
                return Ended(response, OutcomeOf(peer, response), asked);
            }
            catch (TimeoutException)
            {
                var ping = PingOrTripAsync(peer, mayBeSlow ? cancellationToken : CancellationToken.None);
                if (!mayBeSlow || !await ping.ConfigureAwait(false))
                {
                    await ended.CancelAsync().ConfigureAwait(false);
                    await Abandon(sending).ConfigureAwait(false);
                    return Ended(null, PeerReadOutcome.Silent, asked);
                }
            }
            catch (Exception error) when (IsFault(error) || error is OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Trip(peer, PeerReadOutcome.Unreachable);
                return Ended(null, PeerReadOutcome.Unreachable, asked);
            }
        }
    }

    /// <summary>Brings the answer's head without watching over the peer: opens no breaker, and tries though one is open.</summary>
    /// <exception cref="Exception">One that <see cref="IsFault"/> knows, or <see cref="OperationCanceledException"/>.</exception>
    public Task<HttpResponseMessage> SendPlainlyAsync(HttpRequestMessage message, CancellationToken cancellationToken) => _http.SendAsync(message, cancellationToken);

    /// <summary>Whether the member is avoided for now.</summary>
    public bool IsAvoided(Member peer) => _breakers.IsOpen(peer.Id);

    /// <summary>Says whether the member is alive, soon.</summary>
    public async Task<bool> PingAsync(Member peer, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(HttpMethod.Get, peer, PoolProtocol.PingPath);
        using var tooLate = new CancellationTokenSource(_options.PingTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(message, either.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (IsFault(error) || error is OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }

    /// <summary>Pings members that are thought to be well, all at once; those that do not answer are avoided from then on.</summary>
    /// <remarks>For the candidates behind one that was silent: silence is often not that of one member but that of the way to all of them.</remarks>
    public Task CheckAsync(IEnumerable<Member> peers, CancellationToken cancellationToken) =>
        Task.WhenAll(peers.Where(peer => !_breakers.IsOpen(peer.Id)).Select(peer => PingOrTripAsync(peer, cancellationToken)));

    /// <summary>Takes note that the peer failed in the middle of an answer.</summary>
    public void Trip(Member peer, PeerReadOutcome why) => _breakers.Trip(
        peer.Id, why, stop => PingAsync(peer, stop), () => _cluster.Owners.Epoch.Find(peer.Id) is not null);

    public void Dispose() => _http.Dispose();

    private (HttpResponseMessage? Response, PeerReadOutcome Outcome) Ended(HttpResponseMessage? response, PeerReadOutcome outcome, long asked)
    {
        _metrics.PeerAnswered(outcome, _time.GetElapsedTime(asked));
        return (response, outcome);
    }

    private async Task<bool> PingOrTripAsync(Member peer, CancellationToken cancellationToken)
    {
        var lives = await PingAsync(peer, cancellationToken).ConfigureAwait(false);
        if (!lives)
        {
            Trip(peer, PeerReadOutcome.Silent);
        }

        return lives;
    }

    private static async Task Abandon(Task<HttpResponseMessage> sending)
    {
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (sending.IsCompletedSuccessfully)
        {
            sending.Result.Dispose();
        }
    }

    private PeerReadOutcome OutcomeOf(Member peer, HttpResponseMessage response)
    {
        var outcome = response.StatusCode switch
        {
            HttpStatusCode.OK => PeerReadOutcome.Answered,
            HttpStatusCode.NoContent => PeerReadOutcome.NotCached,
            HttpStatusCode.Forbidden => PeerReadOutcome.Refused,
            _ when Field(response, PoolProtocol.Error) is not null => PeerReadOutcome.Failed,
            _ => PeerReadOutcome.Misbehaved,
        };
        if (outcome is PeerReadOutcome.Refused or PeerReadOutcome.Misbehaved)
        {
            Trip(peer, outcome);
        }

        return outcome;
    }

    private Uri UriOf(Member peer, string path) => path == PoolProtocol.ChunkPath
        ? _chunkUris.GetValue(peer, it => new Uri($"{_scheme}://{it.Id}{path}"))
        : new Uri($"{_scheme}://{peer.Id}{path}");
}
