using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Detects when the origin becomes unavailable and when it recovers, so that each is logged once and not with every read.</summary>
internal sealed class OriginHealth(Uri origin, TimeProvider time, RecentEvents events, ILogger<OriginHealth> log, Uri? backup = null)
{
    // Failures on one object are no outage. Consecutive failures without a success between them are.
    private const int FailuresInARow = 3;

    private readonly Lock _gate = new();
    private int _failures; // since the last success
    private OriginOutage? _outage; // written under _gate

    /// <summary>A failure that has lasted for longer is not expected to pass with the next request.</summary>
    public static TimeSpan Moment { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The present outage; null while the origin serves requests, as far as known.</summary>
    public OriginOutage? Outage => Volatile.Read(ref _outage);

    /// <summary>Whether the present outage is more than a moment.</summary>
    public bool HasLasted => Outage is { } outage && time.GetUtcNow() - outage.Since > Moment;

    /// <summary>The present outage in one sentence, or null.</summary>
    public string? Problem => Outage?.Describe(origin);

    /// <summary>Records the outcome of a request that was sent.</summary>
    public void Note(OriginOutcome outcome, string reason)
    {
        if (outcome is OriginOutcome.Unreachable or OriginOutcome.TimedOut or OriginOutcome.Failed)
        {
            if (Interlocked.Increment(ref _failures) >= FailuresInARow)
            {
                Begin(reason, isDown: false);
            }
        }
        else if (Volatile.Read(ref _failures) != 0) // read first: a healthy origin then costs no write
        {
            SetAvailable();
        }
    }

    /// <summary>Records that the origin does not answer at all.</summary>
    public void NoteDown(string reason) => Begin(reason, isDown: true);

    /// <summary>Records that the origin answers.</summary>
    public void SetAvailable()
    {
        OriginOutage? ended;
        lock (_gate)
        {
            Volatile.Write(ref _failures, 0);
            ended = _outage;
            _outage = null;
        }

        if (ended is not null)
        {
            log.OriginAvailable(time.GetUtcNow() - ended.Since, origin);
            events.Note(RecentEventKind.OriginIsBack, origin.ToString());
        }
    }

    private void Begin(string reason, bool isDown)
    {
        lock (_gate)
        {
            if (_outage is { } known)
            {
                _outage = isDown && !known.IsDown ? known with { IsDown = true, Reason = reason } : known;
                return;
            }

            _outage = new OriginOutage(time.GetUtcNow(), reason, isDown);
        }

        log.OriginUnavailable(reason, backup is null ? "serving cached content only" : $"asking {backup} if this lasts", origin);
        events.Note(RecentEventKind.OriginFailed, origin.ToString(), reason);
    }
}
