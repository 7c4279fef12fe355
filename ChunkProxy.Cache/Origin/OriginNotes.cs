using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Records the outcomes of origin requests in the metrics and for the origin's breaker.</summary>
internal sealed class OriginNotes(CacheMetrics metrics, OriginBreaker breaker)
{
    /// <summary>Decides whether requests may be sent.</summary>
    public OriginBreaker Breaker => breaker;

    /// <summary>Records how long a request waited for an origin slot.</summary>
    public void Queued(TimeSpan waited) => metrics.OriginQueued(waited);

    /// <summary>Records a request that was not sent.</summary>
    public void NotAsked(OriginOutcome outcome) => metrics.OriginAnswered(outcome, firstByte: null);

    /// <summary>Records a response or a failed request.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="reason">The outcome in one readable sentence.</param>
    /// <param name="firstByte">Time to the response header, or to the failure.</param>
    /// <param name="id">The object.</param>
    public void Answered(OriginOutcome outcome, string reason, TimeSpan firstByte, ObjectId id)
    {
        metrics.OriginAnswered(outcome, firstByte);
        breaker.Note(outcome, reason, firstByte, id);
    }
}
