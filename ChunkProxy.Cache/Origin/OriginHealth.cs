using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Notices that the origin is in trouble, and that it is well again, so that the log says each once and not with every read.</summary>
internal sealed class OriginHealth(TimeProvider time, ILogger<OriginHealth> log)
{
    // One object that the origin cannot send is no outage; failures with nothing good between them are.
    private const int FailuresInARow = 3;

    private int _failures; // since the last answer
    private int _isAway;
    private long _awaySince;

    /// <summary>Takes note of how a request ended.</summary>
    public void Note(OriginOutcome outcome, string reason)
    {
        if (outcome is OriginOutcome.Overloaded)
        {
            return; // it was not asked
        }

        if (outcome is OriginOutcome.Unreachable or OriginOutcome.TimedOut or OriginOutcome.Failed)
        {
            NoteFailure(reason);
        }
        else if (Volatile.Read(ref _failures) != 0) // read first: well as it mostly is, nothing is written
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
