using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Stops requests to an origin that does not answer, so that reads fail at once instead of each waiting for it.</summary>
/// <remarks>
/// <para>
/// A failed request only raises the suspicion: it may concern one object, or a moment in which the origin restarts. When requests have failed
/// for <see cref="Interruption"/>, or have waited for <see cref="Silence"/>, without any response meanwhile, a probe is sent. If the probe gets no response either, the breaker opens. Further
/// probes then find out when the origin answers again; no client's request does.
/// </para>
/// <para>
/// An origin that answers with failures (5xx, 429) is not down: its responses are forwarded. It is only reported, until a probe of the object that
/// failed last succeeds.
/// </para>
/// </remarks>
internal sealed class OriginBreaker : IDisposable
{
    // Reads retry for about as long, so an interruption that is shorter fails no read.
    private static readonly TimeSpan Interruption = TimeSpan.FromMilliseconds(500);

    // A request that waits for longer, while nothing else arrives from the origin, raises the suspicion too.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    // A failure that is later than this after the last one does not continue it.
    private static readonly TimeSpan Unrelated = TimeSpan.FromSeconds(10);

    // How long a read that another member could not complete waits for this process's own probe.
    private static readonly TimeSpan SecondOpinion = TimeSpan.FromSeconds(1);

    private readonly OriginProbe _probe;
    private readonly OriginHealth _health;
    private readonly TimeProvider _time;
    private readonly Backoff _pauses;
    private readonly TimeSpan _connectTimeout;
    private readonly ProbeBreaker _down;
    private readonly ProbeBreaker _failing;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly Lock _gate = new();
    private CancellationTokenSource _opened = new(); // replaced under _gate
    private Task<bool>? _checking; // under _gate
    private long? _suspectSince; // under _gate; timestamp of the first failed request
    private long _lastFailure; // under _gate
    private long _checkedAt; // timestamp of the last check's begin
    private long _answeredAt; // timestamp of the last response; written without a lock

    public OriginBreaker(OriginProbe probe, OriginHealth health, IOptions<OriginOptions> options, TimeProvider time)
    {
        _probe = probe;
        _health = health;
        _time = time;
        _pauses = new Backoff(options.Value.ProbeInterval, options.Value.ProbeInterval);
        _connectTimeout = options.Value.ConnectTimeout; // the shortest time after which a member reports a timeout
        _down = new ProbeBreaker(time);
        _failing = new ProbeBreaker(time);
        _stopping = _stop.Token;
        _answeredAt = time.GetTimestamp() - time.TimestampFrequency * 3600; // long ago
    }

    /// <summary>Whether requests must not be sent.</summary>
    public bool IsOpen => _down.IsOpen;

    /// <summary>Whether the origin has failed all requests for more than a moment, by its responses or without any.</summary>
    public bool IsFailing => _health.HasLasted;

    /// <summary>The answer in place of a request; null while requests may be sent.</summary>
    public OriginAnswer? Refusal => IsOpen ? Down : null;

    /// <summary>The answer in place of a request that was given up when the breaker opened. It may have closed since.</summary>
    public OriginAnswer Down => OriginAnswer.Of(OriginOutcome.Down, $"the origin does not answer ({_health.Outage?.Reason ?? "no connection"})");

    /// <summary>Cancelled when the breaker opens, for requests that wait for a connection.</summary>
    public CancellationToken Opened
    {
        get
        {
            lock (_gate)
            {
                return _opened.Token;
            }
        }
    }

    /// <summary>A timestamp of the breaker's clock.</summary>
    public long Now => _time.GetTimestamp();

    /// <summary>Records the outcome of a request.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="reason">The outcome in one readable sentence.</param>
    /// <param name="took">Time from the request to the response header or to the failure.</param>
    /// <param name="id">The object.</param>
    public void Note(OriginOutcome outcome, string reason, TimeSpan took, ObjectId id)
    {
        if (outcome is OriginOutcome.Overloaded or OriginOutcome.Down)
        {
            return;
        }

        var isResponse = outcome is not (OriginOutcome.Unreachable or OriginOutcome.TimedOut);
        if (isResponse)
        {
            NoteResponse(); // at once: a probe that fails at this moment must see it
        }

        _health.Note(outcome, reason);
        if (!isResponse && Suspects(took))
        {
            _ = CheckAsync(reason);
        }

        if (_health.Outage is { IsDown: false })
        {
            _failing.Trip(
                stop => _probe.SucceedsAsync(id, stop), _pauses, () => _health.Outage is { IsDown: false }, NoteEndOfFailures, _stopping);
        }
    }

    /// <summary>Completes with the request. Sends a probe if it waits for long and nothing arrives from the origin meanwhile.</summary>
    /// <param name="send">Sends the request.</param>
    public async Task<T> WatchAsync<T>(Func<Task<T>> send)
    {
        var sentAt = _time.GetTimestamp();
        using var over = new CancellationTokenSource();
        var silence = Task.Delay(Silence, _time, over.Token); // before the request, so that a test's clock finds it
        var sending = send();
        if (await Task.WhenAny(sending, silence).ConfigureAwait(false) == silence && Volatile.Read(ref _answeredAt) < sentAt && !IsOpen)
        {
            _ = CheckAsync($"no response within {Silence.TotalSeconds:0} s");
        }

        try
        {
            return await sending.ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Returns whether an error that another member reports is final for the read. Otherwise this process should ask the origin itself, because the
    /// error may concern that member alone.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="askedAt">When the member was asked, from <see cref="Now"/>.</param>
    /// <param name="cancellationToken">Cancels the wait for the probe.</param>
    public async ValueTask<bool> IsFinalAsync(ProxyError error, long askedAt, CancellationToken cancellationToken) => error switch
    {
        ProxyError.OriginTimedOut when _time.GetElapsedTime(askedAt) >= _connectTimeout => true, // the read has waited as long as it may
        ProxyError.OriginTimedOut or ProxyError.OriginUnreachable or ProxyError.OriginDown => !await AnswersAsync(cancellationToken).ConfigureAwait(false),
        ProxyError.ClientLimited => true, // and must not be avoided at another member
        _ => error.IsFromOrigin(),
    };

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _opened.Dispose();
    }

    // One probe serves all reads, and no read waits long for it.
    private async ValueTask<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        if (IsOpen || _time.GetElapsedTime(Volatile.Read(ref _answeredAt)) < SecondOpinion)
        {
            return !IsOpen;
        }

        var check = CheckAsync("another member cannot reach it");
        var left = SecondOpinion - _time.GetElapsedTime(Volatile.Read(ref _checkedAt));
        if (left <= TimeSpan.Zero && !check.IsCompleted)
        {
            return false; // an earlier read has waited for this probe already
        }

        try
        {
            return await check.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private bool Suspects(TimeSpan took)
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            if (_suspectSince is null || _time.GetElapsedTime(_lastFailure, now) > Unrelated)
            {
                _suspectSince = now - (long)(took.TotalSeconds * _time.TimestampFrequency);
            }

            _lastFailure = now;
            return !IsOpen && _time.GetElapsedTime(_suspectSince.Value, now) >= Interruption;
        }
    }

    private void NoteResponse()
    {
        Volatile.Write(ref _answeredAt, _time.GetTimestamp());
        lock (_gate)
        {
            _suspectSince = null;
        }
    }

    private Task<bool> CheckAsync(string reason)
    {
        lock (_gate)
        {
            if (_checking is not { IsCompleted: false })
            {
                Volatile.Write(ref _checkedAt, _time.GetTimestamp());
                using (ExecutionContext.SuppressFlow())
                {
                    _checking = Task.Run(() => ProbeAsync(reason), _stopping); // not part of the trace in which the origin failed
                }
            }

            return _checking;
        }
    }

    private async Task<bool> ProbeAsync(string reason)
    {
        var startedAt = _time.GetTimestamp();
        if (await _probe.AnswersAsync(_stopping).ConfigureAwait(false))
        {
            NoteResponse();
            return true;
        }

        if (Volatile.Read(ref _answeredAt) >= startedAt)
        {
            return true; // the origin has answered a client's request meanwhile: it came back after the probe was sent
        }

        CancellationTokenSource opened;
        lock (_gate)
        {
            opened = _opened; // before the breaker opens: it may close at any time after that
        }

        _health.NoteDown(reason);
        if (_down.Trip(_probe.AnswersAsync, _pauses, static () => true, _ => Close(), _stopping))
        {
            await opened.CancelAsync().ConfigureAwait(false);
        }

        return false;
    }

    private void Close()
    {
        lock (_gate)
        {
            _opened = new CancellationTokenSource(); // the old one has no timer, and waiting requests may still hold its token
        }

        NoteResponse();
        _health.SetAvailable();
    }

    private void NoteEndOfFailures(bool isBack)
    {
        if (!isBack)
        {
            return;
        }

        NoteResponse();

        // The origin may have gone down meanwhile. Then the end of that outage is for the other breaker to note, once requests are sent again.
        if (_health.Outage is { IsDown: false })
        {
            _health.SetAvailable();
        }
    }
}
