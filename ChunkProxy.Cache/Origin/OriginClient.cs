using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
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
    private readonly OriginVersionReader _versions;
    private readonly string _base;

    public OriginClient(IOptions<CacheOptions> cache, IOptions<OriginOptions> options, TimeProvider time, CacheMetrics metrics, OriginHealth health)
    {
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _health = health;
        _versions = new OriginVersionReader((int)cache.Value.ChunkSize, cache.Value.DefaultFreshness, time);
        _base = cache.Value.Url?.GetLeftPart(UriPartial.Path).TrimEnd('/')
            ?? throw new InvalidOperationException("The origin's URL is validated at start.");
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
        OriginAnswer? answer = null;
        try
        {
            using var message = CreateMessage(request);
            var asked = _time.GetTimestamp();
            (response, var failure) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
            var firstByte = _time.GetElapsedTime(asked);
            answer = failure ?? await ReadAnswerAsync(request, response!, place, cancellationToken).ConfigureAwait(false);
            _metrics.OriginAnswered(answer.Outcome, firstByte);
            _health.Note(answer.Outcome, answer.Reason);
            return answer;
        }
        finally
        {
            if (answer is not { Outcome: OriginOutcome.Part or OriginOutcome.Whole })
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
        try
        {
            using var message = CreateMessage(id, method);
            foreach (var (name, value) in conditions)
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            var asked = _time.GetTimestamp();
            var (response, failure) = await SendAsync(message, cancellationToken).ConfigureAwait(false);
            _metrics.OriginAnswered(failure?.Outcome ?? OriginOutcome.Uncacheable, _time.GetElapsedTime(asked));
            _health.Note(failure?.Outcome ?? OriginOutcome.Uncacheable, failure?.Reason ?? "");
            if (failure is not null)
            {
                throw new ChunkReadException(failure.ToError(), failure.Reason);
            }

            var body = await response!.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            return new PassedThroughAnswer(
                (int)response.StatusCode, response.Content.Headers.ContentLength, EndToEndFields.OfMessage(response), body, new ResponseAtPlace(response, place));
        }
        catch
        {
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
        catch (HttpRequestException error)
        {
            return (null, OriginAnswer.Of(
                error.HttpRequestError is HttpRequestError.InvalidResponse ? OriginOutcome.Misbehaved : OriginOutcome.Unreachable,
                error.HttpRequestError switch
                {
                    HttpRequestError.NameResolutionError => "the origin's name cannot be resolved",
                    HttpRequestError.SecureConnectionError => "no TLS connection to the origin",
                    HttpRequestError.InvalidResponse => "the origin does not speak HTTP",
                    HttpRequestError.ResponseEnded => "the origin closed the connection before it answered",
                    _ => "no connection to the origin",
                }));
        }
        catch (Exception error) when (error is IOException or SocketException) // the second: reset as soon as it was made
        {
            return (null, OriginAnswer.Of(OriginOutcome.Unreachable, "the connection to the origin broke"));
        }
    }

    private HttpRequestMessage CreateMessage(OriginRequest request)
    {
        var message = CreateMessage(request.Id, HttpMethod.Get);
        if (request.Range is { } range)
        {
            message.Headers.Range = new RangeHeaderValue(range.Start, range.End - 1);
        }

        if (request.Expected is { Headers: var known })
        {
            // With OnlyIfChanged the unchanged version is answered by 304, else the changed one by 412: never by its bytes.
            if (known.ETag is { } etag && (request.OnlyIfChanged || Validator.IsStrong(etag)))
            {
                message.Headers.TryAddWithoutValidation(request.OnlyIfChanged ? "If-None-Match" : "If-Match", etag);
            }
            else if (known.LastModified is { } modified)
            {
                message.Headers.TryAddWithoutValidation(request.OnlyIfChanged ? "If-Modified-Since" : "If-Unmodified-Since", modified.ToString("R"));
            }
        }

        return message;
    }

    private HttpRequestMessage CreateMessage(ObjectId id, HttpMethod method)
    {
        // The path is in its normal form already; Uri would unescape some of it once more.
        var uri = new Uri(_base + id.PathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(method, uri) { Version = HttpVersion.Version11 };
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        message.Headers.TryAddWithoutValidation("Via", "1.1 chunkproxy");
        return message;
    }

    private async ValueTask<OriginAnswer> ReadAnswerAsync(OriginRequest request, HttpResponseMessage response, IDisposable place, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        switch (status)
        {
            case 200 or 206:
                break;
            case 304 when request is { OnlyIfChanged: true, Expected: { } known }:
                return OriginAnswer.Of(OriginOutcome.NotModified, "unchanged", status, _versions.Refreshed(known, response));
            case 404:
                return OriginAnswer.Of(OriginOutcome.NotFound, "the origin has no such object", status);
            case 410:
                return OriginAnswer.Of(OriginOutcome.Gone, "the object is gone from the origin", status);
            case 412 when request is { OnlyIfChanged: false, Expected: not null }:
                return OriginAnswer.Of(OriginOutcome.VersionChanged, "the object has changed at the origin", status);
            case 416:
                return OriginAnswer.Of(OriginOutcome.BeyondEnd, "the range begins past the object's end", status, size: response.Content.Headers.ContentRange?.Length);
            case >= 400 and < 500:
                return OriginAnswer.Of(OriginOutcome.Refused, $"the origin answers {status}", status);
            case >= 500 and < 600:
                return OriginAnswer.Of(OriginOutcome.Failed, $"the origin answers {status}", status);
            case >= 300 and < 400:
                return OriginAnswer.Of(OriginOutcome.Misbehaved, $"the origin redirects too often, or to nowhere ({status})", status);
            default:
                return OriginAnswer.Of(OriginOutcome.Misbehaved, $"the origin answers {status}", status);
        }

        if (!Freshness.IsCacheable(response))
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin forbids to keep it", status);
        }

        var content = response.Content.Headers;
        ByteRange bytes;
        long size;
        if (status == 206)
        {
            if (request.Range is not { } asked)
            {
                return OriginAnswer.Of(OriginOutcome.Misbehaved, "a 206 to a request without a range", status);
            }

            if (ContentRangeCheck.Contradiction(content.ContentRange, content.ContentLength, asked.Start, asked.End) is { } contradiction)
            {
                return OriginAnswer.Of(OriginOutcome.Misbehaved, $"the origin answers with {contradiction}", status);
            }

            if (content.ContentRange!.Length is not { } total)
            {
                return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin does not say how long the object is", status);
            }

            size = total;
            bytes = asked with { End = content.ContentRange.To!.Value + 1 };
        }
        else if (content.ContentLength is { } length)
        {
            size = length;
            bytes = ByteRange.Whole(length);
        }
        else
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin does not say how long the object is", status);
        }

        var version = _versions.Read(request.Id, size, request.Generation, response);
        if (request is { Expected: { } expected, OnlyIfChanged: false } && !version.IsSameVersionAs(expected))
        {
            return OriginAnswer.Of(OriginOutcome.VersionChanged, "the object has changed at the origin", status, version);
        }

        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var body = new OriginBody(response, stream, bytes, isWhole: status == 200, place, _options.StallTimeout, _time);
        return OriginAnswer.WithBody(status == 206 ? OriginOutcome.Part : OriginOutcome.Whole, version, body, status);
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
