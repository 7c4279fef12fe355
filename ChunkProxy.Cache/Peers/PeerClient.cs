using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>Speaks to other members on their pool ports.</summary>
internal sealed class PeerClient : IDisposable
{
    // A record of what is known of an object, with all of its header fields.
    private const int LongestRecord = VersionRecord.MaxLength;

    // In bytes.
    private const int LongestReason = 4096;

    // A question takes more than a ping, and nobody who looks at a page wants to hear that a busy member is gone.
    private const int Question = 3;

    // What a member says of itself, in JSON: the map of a large object is the longest.
    private const int LongestAnswer = 16 * 1024 * 1024;

    private readonly HttpMessageInvoker _http;
    private readonly PeerBreakers _breakers;
    private readonly ClusterView _cluster;
    private readonly PurgeLedger _purges;
    private readonly PeerOptions _options;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly int _chunkSize;
    private readonly AuthenticationHeaderValue? _key;
    private readonly string _scheme;
    private readonly ConditionalWeakTable<Member, Uri> _chunkUris = []; // for as long as the membership names them

    public PeerClient(
        PeerBreakers breakers,
        ClusterView cluster,
        PurgeLedger purges,
        PoolSecurity security,
        IOptions<PeerOptions> options,
        IOptions<CacheOptions> cache,
        TimeProvider time,
        CacheMetrics metrics)
    {
        _breakers = breakers;
        _cluster = cluster;
        _purges = purges;
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _chunkSize = (int)cache.Value.ChunkSize;
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

    /// <summary>Asks a member for a slice of a chunk. Never throws for what the peer or the network does.</summary>
    public async Task<PeerAnswer> OpenChunkAsync(Member peer, Chunk chunk, Slice slice, bool onlyIfCached, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartPeerRead(peer.Id);
        using var message = CreateMessage(HttpMethod.Get, peer, PoolProtocol.ChunkPath);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Object, chunk.Version.Id.PathAndQuery);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Version, chunk.Version.Token);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Chunk, chunk.Index.ToString(CultureInfo.InvariantCulture));
        message.Headers.TryAddWithoutValidation(PoolProtocol.Slice, string.Create(CultureInfo.InvariantCulture, $"{slice.Offset}-{slice.End}"));
        if (onlyIfCached)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.OnlyIfCached, "1");
        }

        var (response, outcome) = await SendAsync(peer, message, mayBeSlow: !onlyIfCached, cancellationToken).ConfigureAwait(false);
        span?.SetTag("chunkproxy.outcome", outcome.ToString());
        if (response is null)
        {
            return new PeerAnswer(outcome);
        }

        if (outcome is not PeerReadOutcome.Answered)
        {
            using (response)
            {
                if (long.TryParse(Field(response, PoolProtocol.Generation), NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
                {
                    _purges.Hear(chunk.Version.Id, generation);
                }

                return new PeerAnswer(outcome) { Failure = outcome is PeerReadOutcome.Failed ? await ReadFailureAsync(response, cancellationToken).ConfigureAwait(false) : null };
            }
        }

        if (response.Content.Headers.ContentLength != slice.Length || Field(response, PoolProtocol.Key) != PoolProtocol.KeyOf(chunk))
        {
            response.Dispose();
            Trip(peer, PeerReadOutcome.Misbehaved);
            return new PeerAnswer(PeerReadOutcome.Misbehaved);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        return new PeerAnswer(PeerReadOutcome.Answered)
        {
            Body = new PeerBody(response, stream, slice.Length, peer, this, _options.Silence, _time),
            Report = new ReadReport(
                Enum.TryParse<ChunkSource>(Field(response, PoolProtocol.Source), out var source) ? source : ChunkSource.Peer,
                Field(response, PoolProtocol.Collapsed) is not null),
            Rate = int.TryParse(Field(response, PoolProtocol.Rate), NumberStyles.None, CultureInfo.InvariantCulture, out var rate) ? rate : 0,
        };
    }

    /// <summary>Asks a member which version of an object is current. Null: it cannot say; ask another.</summary>
    /// <param name="peer">Whom to ask.</param>
    /// <param name="id">The object.</param>
    /// <param name="firstByte">Where reading will begin: the member begins to fetch the chunk there.</param>
    /// <param name="contradicted">The token of a version that the origin has no more; the member may not know that yet.</param>
    /// <param name="onlyIfKnown">It is to say what it knows already, and to ask nobody.</param>
    /// <param name="generation">The object's generation as this process knows it; the member may not have heard of the purge yet.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<ObjectLookup?> FindAsync(Member peer, ObjectId id, long? firstByte, bool onlyIfKnown, string? contradicted, long generation, CancellationToken cancellationToken)
    {
        using var span = CacheTracing.StartPeerRead(peer.Id);
        using var message = CreateMessage(HttpMethod.Get, peer, PoolProtocol.ObjectPath);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Object, id.PathAndQuery);
        if (generation > 0)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.Generation, generation.ToString(CultureInfo.InvariantCulture));
        }

        if (firstByte is { } offset)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.FirstByte, offset.ToString(CultureInfo.InvariantCulture));
        }

        if (contradicted is not null)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.Version, contradicted);
        }

        if (onlyIfKnown)
        {
            message.Headers.TryAddWithoutValidation(PoolProtocol.OnlyIfCached, "1");
        }

        var (response, outcome) = await SendAsync(peer, message, mayBeSlow: !onlyIfKnown, cancellationToken).ConfigureAwait(false);
        span?.SetTag("chunkproxy.outcome", outcome.ToString());
        using (response)
        {
            switch (outcome)
            {
                case PeerReadOutcome.Answered when await ReadRecordAsync(response!, cancellationToken).ConfigureAwait(false) is { } record
                    && VersionRecord.TryDecode(record, id, _chunkSize) is { } version:
                    return ObjectLookup.Found(version, askedOrigin: Field(response!, PoolProtocol.Source) == nameof(ChunkSource.Origin));
                case PeerReadOutcome.Answered:
                    Trip(peer, PeerReadOutcome.Misbehaved);
                    return null;
                case PeerReadOutcome.Failed when Field(response!, PoolProtocol.PassThrough) is not null:
                    return ObjectLookup.PassThrough();
                case PeerReadOutcome.Failed:
                    var failure = await ReadFailureAsync(response!, cancellationToken).ConfigureAwait(false);
                    _ = int.TryParse(Field(response!, PoolProtocol.OriginStatus), NumberStyles.None, CultureInfo.InvariantCulture, out var status);
                    return ObjectLookup.Failed(failure.Error, failure.Message, status);
                default:
                    return null;
            }
        }
    }

    /// <summary>Tells a member that this process gives chunks up. False: it did not take the news.</summary>
    public async Task<bool> OfferAsync(Member peer, string chunks, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(HttpMethod.Post, peer, PoolProtocol.OfferPath);
        message.Content = new StringContent(chunks);
        message.Headers.TryAddWithoutValidation(PoolProtocol.Object, _cluster.Self?.Id);
        var (response, outcome) = await SendAsync(peer, message, mayBeSlow: true, cancellationToken).ConfigureAwait(false);
        response?.Dispose();
        return outcome is PeerReadOutcome.Answered;
    }

    /// <summary>Has a member do something, and waits for its answer for as long as the member lives. Never throws for what the peer or the network does.</summary>
    public async Task<PeerAnswer> OrderAsync(
        Member peer, HttpMethod method, string path, IEnumerable<(string Name, string Value)> fields, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(method, peer, path);
        foreach (var (name, value) in fields)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        var (response, outcome) = await SendAsync(peer, message, mayBeSlow: true, cancellationToken).ConfigureAwait(false);
        using (response)
        {
            return new PeerAnswer(outcome) { Failure = outcome is PeerReadOutcome.Failed ? await ReadFailureAsync(response!, cancellationToken).ConfigureAwait(false) : null };
        }
    }

    /// <summary>Asks a member about itself. Null: it has nothing to say, or not soon.</summary>
    /// <remarks>Opens no breaker: a member that does not know the question yet is none the worse. And asks none that is avoided.</remarks>
    public async Task<TAnswer?> AskAsync<TAnswer>(
        Member peer,
        string path,
        IEnumerable<(string Name, string Value)> fields,
        JsonTypeInfo<TAnswer> type,
        CancellationToken cancellationToken,
        HttpMethod? method = null,
        TimeSpan? patience = null)
        where TAnswer : class
    {
        if (_breakers.IsOpen(peer.Id))
        {
            return null;
        }

        using var message = CreateMessage(method ?? HttpMethod.Get, peer, path);
        foreach (var (name, value) in fields)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return await AskAsync(message, patience ?? _options.PingTimeout * Question, type, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells a member something, and returns what it says to that. Null: it does not answer. Opens no breaker, and tries though the member is avoided.</summary>
    /// <param name="peer">Whom to tell.</param>
    /// <param name="path">Where on its pool port.</param>
    /// <param name="what">What, as JSON.</param>
    /// <param name="patience">How long its answer may take; that it lives is found out by pings before.</param>
    /// <param name="type">What is expected.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<TAnswer?> TellAsync<TAnswer>(
        Member peer, string path, HttpContent what, TimeSpan patience, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var message = CreateMessage(HttpMethod.Post, peer, path);
        message.Content = what;
        return await PingAsync(peer, cancellationToken).ConfigureAwait(false)
            ? await AskAsync(message, patience, type, cancellationToken).ConfigureAwait(false)
            : null;
    }

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
    public Task CheckAsync(IEnumerable<Member> peers, CancellationToken cancellationToken) =>
        Task.WhenAll(peers.Where(peer => !_breakers.IsOpen(peer.Id)).Select(peer => PingOrTripAsync(peer, cancellationToken)));

    /// <summary>Takes note that the peer failed in the middle of an answer.</summary>
    public void Trip(Member peer, PeerReadOutcome why) => _breakers.Trip(
        peer.Id, why, stop => PingAsync(peer, stop), () => _cluster.Owners.Epoch.Find(peer.Id) is not null);

    public void Dispose() => _http.Dispose();

    // The answer's head. A peer that is silent may be waiting for a slow origin: only one that does not answer a ping either is given up.
    // One that was asked for what it has waits for nobody: its answer is not waited for longer, and whether it lives is found out beside.
    // Otherwise a read that has waited for a hung owner would wait once more, while the stand-in asks that owner what it has.
    private async Task<(HttpResponseMessage? Response, PeerReadOutcome Outcome)> SendAsync(
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

    private (HttpResponseMessage? Response, PeerReadOutcome Outcome) Ended(HttpResponseMessage? response, PeerReadOutcome outcome, long asked)
    {
        _metrics.PeerAnswered(outcome, _time.GetElapsedTime(asked));
        return (response, outcome);
    }

    private async Task<TAnswer?> AskAsync<TAnswer>(HttpRequestMessage message, TimeSpan patience, JsonTypeInfo<TAnswer> type, CancellationToken cancellationToken)
        where TAnswer : class
    {
        using var tooLate = new CancellationTokenSource(patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(message, either.Token).ConfigureAwait(false);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                return null;
            }

            await response.Content.LoadIntoBufferAsync(LongestAnswer, either.Token).ConfigureAwait(false);
            return await response.Content.ReadFromJsonAsync(type, either.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (IsFault(error) || error is OperationCanceledException or JsonException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
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

    private HttpRequestMessage CreateMessage(HttpMethod method, Member peer, string path)
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

    private Uri UriOf(Member peer, string path) => path == PoolProtocol.ChunkPath
        ? _chunkUris.GetValue(peer, it => new Uri($"{_scheme}://{it.Id}{path}"))
        : new Uri($"{_scheme}://{peer.Id}{path}");

    // The last one comes out of the handler as it is, from a connection that was reset as soon as it was made.
    private static bool IsFault(Exception error) => error is HttpRequestException or IOException or SocketException;

    private static string? Field(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    // Whatever else the peer sends, its reason is a sentence, and is not waited for.
    private async Task<ChunkReadException> ReadFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var error = Enum.TryParse<ProxyError>(Field(response, PoolProtocol.Error), out var named) ? named : ProxyError.OriginMisbehaved;
        try
        {
            if (response.Content.Headers.ContentLength is <= LongestReason)
            {
                return new ChunkReadException(
                    error, await response.Content.ReadAsStringAsync(cancellationToken).WaitAsync(_options.Silence, _time, cancellationToken).ConfigureAwait(false));
            }
        }
        catch (Exception broken) when (IsFault(broken) || broken is TimeoutException)
        {
            // The error itself is known.
        }

        return new ChunkReadException(error, "a member could not get the bytes");
    }

    private async Task<byte[]?> ReadRecordAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength is not (> 0 and <= LongestRecord))
        {
            return null;
        }

        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellationToken).WaitAsync(_options.Silence + _options.PingTimeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (IsFault(error) || error is TimeoutException)
        {
            return null;
        }
    }
}
