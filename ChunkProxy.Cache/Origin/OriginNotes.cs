using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Origin;

/// <summary>Takes note of how requests to the origin end: in the metrics, and in its health.</summary>
internal sealed class OriginNotes(CacheMetrics metrics, OriginHealth health)
{
    /// <summary>A request has waited so long for its place.</summary>
    public void Queued(TimeSpan waited) => metrics.OriginQueued(waited);

    /// <summary>A request got no place.</summary>
    public void NotAsked() => metrics.OriginAnswered(OriginOutcome.Overloaded, firstByte: null);

    /// <summary>A request was answered, or failed.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="reason">One sentence for people.</param>
    /// <param name="firstByte">How long the head of the answer took.</param>
    public void Answered(OriginOutcome outcome, string reason, TimeSpan firstByte)
    {
        metrics.OriginAnswered(outcome, firstByte);
        health.Note(outcome, reason);
    }
}
