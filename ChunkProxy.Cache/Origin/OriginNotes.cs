using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Records the outcomes of origin requests in the metrics and in the origin's health.</summary>
internal sealed class OriginNotes(CacheMetrics metrics, OriginHealth health)
{
    /// <summary>Records how long a request waited for an origin slot.</summary>
    public void Queued(TimeSpan waited) => metrics.OriginQueued(waited);

    /// <summary>Records a request that got no origin slot.</summary>
    public void NotAsked() => metrics.OriginAnswered(OriginOutcome.Overloaded, firstByte: null);

    /// <summary>Records a response or a failed request.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="reason">The outcome in one readable sentence.</param>
    /// <param name="firstByte">Time to the response header.</param>
    public void Answered(OriginOutcome outcome, string reason, TimeSpan firstByte)
    {
        metrics.OriginAnswered(outcome, firstByte);
        health.Note(outcome, reason);
    }
}
