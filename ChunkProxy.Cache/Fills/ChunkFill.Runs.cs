using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

// The sources' side of a fill: they write the bytes of runs.
internal sealed partial class ChunkFill
{
    /// <summary>Returns the buffer for the run's next bytes; empty when the run is done.</summary>
    public Memory<byte> Room(FillRun run)
    {
        lock (_lock)
        {
            return _buffer!.Memory[run.Position..Math.Min(run.Limit, run.Position + FillPlan.LongestPiece)];
        }
    }

    /// <summary>Makes the run's next bytes, which have been written, visible to readers.</summary>
    public void Advance(FillRun run, int count, ChunkSource source)
    {
        _context.Metrics.Received(source, count);
        lock (_lock)
        {
            run.Advance(count, _context.Time.GetElapsedTime(run.StartedAt));
            _life!.AddReceived(source);
            Wake();
        }
    }

    public void ExtendToFront(FillRun run, int from)
    {
        lock (_lock)
        {
            _life!.Plan.ExtendToFront(run, from);
        }
    }

    /// <inheritdoc cref="FillLifecycle.EndAtOrigin"/>
    public int EndAtOrigin(FillRun run)
    {
        lock (_lock)
        {
            return _life!.EndAtOrigin(run);
        }
    }

    /// <summary>Ends the run earlier: the origin was not asked for more.</summary>
    public void Shorten(FillRun run, int limit)
    {
        lock (_lock)
        {
            run.Limit = Math.Min(run.Limit, limit);
            Wake(); // a reader of what lies behind requests it separately
        }
    }

    /// <summary>Ends the run, whether it reached its limit or not.</summary>
    public void End(FillRun run, ChunkReadException? failure)
    {
        lock (_lock)
        {
            var life = _life!;
            life.End(run, failure);
            StartNextRuns(life);
            FinishIfOver();
        }

        if (failure is not null)
        {
            _unwanted.Cancel();
        }
    }

    // Under the lock.
    private void StartNextRuns(FillLifecycle life)
    {
        while (life.NextRun() is { } next)
        {
            Start(next, opened: null);
        }
    }
}
