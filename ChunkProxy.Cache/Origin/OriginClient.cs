using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Asks the origin for bytes of objects and believes nothing it says before checking it.</summary>
internal sealed class OriginClient : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly OriginPlaces _places;
    private readonly OriginOptions _options;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly OriginHealth _health;
    private readonly OriginMessages _messages;
    private readonly OriginAnswerJudge _judge;
    private readonly EndToEndFields _endToEnd;

    public OriginClient(
        IOptions<CacheOptions> cache, IOptions<OriginOptions> options, TimeProvider time, CacheMetrics metrics, OriginHealth health, OriginAnswerJudge judge, EndToEndFields endToEnd)
    {
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _health = health;
        _messages = new OriginMessages(cache.Value.Url ?? throw new InvalidOperationException("The origin's URL is validated at start."), _options.UserAgent);
        _judge = judge;
        _endToEnd = endToEnd;
        _places = new OriginPlaces(_options.MaxConnections, _options.FirstByteTimeout, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectTimeout = _options.ConnectTimeout,
            AllowAutoRedirect = _options.MaxRedirects > 0,
            MaxAutomaticRedirections = Math.Max(1, _options.MaxRedirects), // the handler takes no 0
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1), // below the 75 s after which nginx closes idle connections
            PooledConnectionLifetime = TimeSpan.FromMinutes(15), // so that a change of the origin's address in DNS is noticed
        });
    }

    /// <summary>Requests that wait for or receive an answer at this moment.</summary>
    public int RequestsUnderWay => _places.InUse;

    /// <summary>Requests that wait until fewer are under way.</summary>
    public int RequestsWaiting => _places.Waiting;

    /// <summary>How many may be under way at one time.</summary>
    public int RequestLimit => _places.Count;

    /// <summary>Asks for bytes. Never throws for what the origin or the network does; that is in the outcome.</summary>
    public async Task<OriginAnswer> GetAsync(OriginRequest request, CancellationToken cancellationToken)
    {
        var place = await TakePlaceAsync(cancellationToken).ConfigureAwait(false);
        if (place is null)
        {
            return OriginAnswer.Of(OriginOutcome.Overloaded, "too many requests wait for the origin");
        }

        HttpResponseMessage? response = null;
        OriginBody? body = null;
        try
        {
            using var message = _messages.Write(request);
            var asked = _time.GetTimestamp();
            (response, var failure) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
            var firstByte = _time.GetElapsedTime(asked);
            var answer = failure ?? _judge.Judge(request, response!, firstByte);
            if (answer.Bytes is { } bytes)
            {
                var stream = await response!.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                body = new OriginBody(response, stream, bytes, isWhole: answer.Outcome is OriginOutcome.Whole, place, _options.StallTimeout, _time);
                answer.Attach(body);
            }

            _metrics.OriginAnswered(answer.Outcome, firstByte);
            _health.Note(answer.Outcome, answer.Reason);
            return answer;
        }
        finally
        {
            if (body is null)
            {
                response?.Dispose();
                place.Dispose();
            }
        }
    }

    /// <summary>Asks again, a bounded number of times, while no connection can be had.</summary>
    public async Task<OriginAnswer> GetPatientlyAsync(OriginRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await GetAsync(request, cancellationToken).ConfigureAwait(false);
            if (answer.Outcome is not OriginOutcome.Unreachable || attempt >= _options.Attempts)
            {
                return answer;
            }

            await Task.Delay(_options.BackoffBefore(attempt + 1), _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for bytes of a known version.</summary>
    /// <exception cref="ChunkReadException">The origin has not got them.</exception>
    public async ValueTask<OriginBody> OpenBodyAsync(ObjectVersion version, ByteRange range, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync(new OriginRequest(version.Id, range, version), cancellationToken).ConfigureAwait(false);
        return answer.Outcome is OriginOutcome.Part or OriginOutcome.Whole
            ? answer.TakeBody()
            : throw new ChunkReadException(answer.ToError(), answer.Reason);
    }

    /// <summary>May asking again help? Against a connection that broke or a body that stands still it may.</summary>
    /// <remarks>Against an answer it would not, and who waited in vain for the head of one has waited long enough.</remarks>
    /// <param name="error">How the bytes failed to come.</param>
    /// <param name="isOpen">The head of an answer had come.</param>
    public static bool MayPass(ProxyError error, bool isOpen) =>
        error is ProxyError.OriginUnreachable || (isOpen && error is ProxyError.OriginTimedOut);

    /// <summary>Hands one client's request on, for an object that cannot be cached.</summary>
    /// <exception cref="ChunkReadException">The origin gave no answer at all.</exception>
    public async ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, CancellationToken cancellationToken)
    {
        var place = await TakePlaceAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new ChunkReadException(ProxyError.Overloaded, "too many requests wait for the origin");
        HttpResponseMessage? response = null;
        try
        {
            using var message = _messages.Write(id, method, conditions);
            var asked = _time.GetTimestamp();
            (response, var failure) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
            _metrics.OriginAnswered(failure?.Outcome ?? OriginOutcome.Uncacheable, _time.GetElapsedTime(asked));
            _health.Note(failure?.Outcome ?? OriginOutcome.Uncacheable, failure?.Reason ?? "");
            if (failure is not null)
            {
                throw new ChunkReadException(failure.ToError(), failure.Reason);
            }

            var body = await response!.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new PassedThroughAnswer(
                (int)response.StatusCode, response.Content.Headers.ContentLength, _endToEnd.OfMessage(OriginFields.Of(response)), body, new ResponseAtPlace(response, place));
        }
        catch
        {
            response?.Dispose();
            place.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    private async ValueTask<IDisposable?> TakePlaceAsync(CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        var place = await _places.TakeAsync(cancellationToken).ConfigureAwait(false);
        _metrics.OriginQueued(_time.GetElapsedTime(asked));
        if (place is null)
        {
            _metrics.OriginAnswered(OriginOutcome.Overloaded, firstByte: null);
        }

        return place;
    }

    private async Task<(HttpResponseMessage? Response, OriginAnswer? Failure)> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var tooLate = new CancellationTokenSource(_options.FirstByteTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, cancellationToken);
        try
        {
            return (await _http.SendAsync(message, either.Token).ConfigureAwait(false), null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time-out of ours, or the handler's own for connecting: it throws the same type.
            return (null, OriginAnswer.Of(OriginOutcome.TimedOut, $"the origin did not answer within {_options.FirstByteTimeout.TotalSeconds:0.#} s"));
        }
        catch (Exception error) when (OriginFault.Of(error) is { } fault)
        {
            return (null, fault);
        }
    }

    private sealed class ResponseAtPlace(HttpResponseMessage response, IDisposable place) : IDisposable
    {
        public void Dispose()
        {
            response.Dispose();
            place.Dispose();
        }
    }
}
