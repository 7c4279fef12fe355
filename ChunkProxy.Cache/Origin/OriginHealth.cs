using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Detects when the origin becomes unavailable and when it recovers, so that each is logged once and not with every read.</summary>
internal sealed class OriginHealth(TimeProvider time, ILogger<OriginHealth> log)
{
    // Failures on one object are no outage. Consecutive failures without a success between them are.
    private const int FailuresInARow = 3;

    private int _failures; // since the last success
    private int _isAway;
    private long _awaySince;

    /// <summary>Records the outcome of a request.</summary>
    public void Note(OriginOutcome outcome, string reason)
    {
        if (outcome is OriginOutcome.Overloaded)
        {
            return; // no request was sent
        }

        if (outcome is OriginOutcome.Unreachable or OriginOutcome.TimedOut or OriginOutcome.Failed)
        {
            NoteFailure(reason);
        }
        else if (Volatile.Read(ref _failures) != 0) // read first: a healthy origin then costs no write
        {
            NoteAnswer();
        }
    }

    private void NoteFailure(string reason)
    {
        if (Interlocked.Increment(ref _failures) >= FailuresInARow && Interlocked.Exchange(ref _isAway, 1) == 0)
        {
            Volatile.Write(ref _awaySince, time.GetTimestamp());
            log.OriginAway(reason);
        }
    }

    private void NoteAnswer()
    {
        Volatile.Write(ref _failures, 0);
        if (Interlocked.Exchange(ref _isAway, 0) == 1)
        {
            log.OriginIsBack(time.GetElapsedTime(Volatile.Read(ref _awaySince)));
        }
    }
}
