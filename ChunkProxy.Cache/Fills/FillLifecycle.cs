using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

/// <summary>Decides how long a fill goes on, which run it starts next, and how it ends. Pure bookkeeping: the caller holds a lock around every call.</summary>
/// <remarks>
/// A fill is open, then stopping, then over. While it is open, readers come and go, and runs are started for them. It stops when nobody wants it any
/// more, when a run fails, or when its object is purged: from then on nobody joins and nothing is started. It is over when the last run has ended.
/// </remarks>
/// <param name="plan">Which bytes are there, and which runs are under way for the others.</param>
/// <param name="finishLimit">A fill that nobody reads goes on when no more than this many bytes are missing.</param>
internal sealed class FillLifecycle(FillPlan plan, long finishLimit)
{
    private readonly List<IByteWaiter> _readers = [];
    private bool _hasBrought;

    public FillPlan Plan => plan;

    public bool IsStopping { get; private set; }

    /// <summary>Why the missing bytes will not come.</summary>
    public ChunkReadException? Failure { get; private set; }

    /// <summary>Somebody is about to join.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Where the bytes come from, as far as is known.</summary>
    public ChunkSource Source { get; private set; }

    /// <summary>Not all of the bytes came from this process's disk.</summary>
    public bool HasBroughtFromElsewhere { get; private set; }

    /// <summary>How the fill has ended; null until it is over.</summary>
    public FillOutcome? Ending =>
        !IsStopping || plan.HasRuns ? null
        : Failure is { Error: ProxyError.VersionChanged } ? FillOutcome.VersionChanged
        : plan.IsComplete ? FillOutcome.Completed
        : Failure is not null ? FillOutcome.Failed
        : FillOutcome.Abandoned;

    // What has begun to arrive is worth finishing when little is missing: from afar because of the way, from the disk because it was read so often that
    // it is to be in memory.
    private bool IsWanted => _readers.Count > 0 || IsHeld || (_hasBrought && plan.Missing <= finishLimit);

    /// <summary>Adds a reader, for whom nobody need hold the fill any more. Not for a fill that is stopping.</summary>
    public void Join(IByteWaiter reader)
    {
        _readers.Add(reader);
        IsHeld = false;
    }

    public void Leave(IByteWaiter reader) => _readers.Remove(reader);

    /// <summary>A run has brought bytes.</summary>
    public void Brought(ChunkSource source)
    {
        Source = source;
        _hasBrought = true;
        HasBroughtFromElsewhere |= source != ChunkSource.Disk;
    }

    /// <summary>A reader waits for a byte. Returns the run to start for it; null where one under way will bring it, or nothing will.</summary>
    public FillRun? Want(int offset) => IsStopping ? null : plan.Want(offset);

    /// <summary>A run has ended, with all of its bytes or not. The fill may be over now; if it is open, ask for the <see cref="NextRun"/> first.</summary>
    public void End(FillRun run, ChunkReadException? failure)
    {
        plan.End(run);
        if (failure is not null)
        {
            Failure ??= failure;
            IsStopping = true;
        }
    }

    /// <summary>Returns a run to start now that another has ended: for a reader who waits, or else for what is missing. With nothing left to do the fill stops.</summary>
    public FillRun? NextRun()
    {
        if (IsStopping)
        {
            return null;
        }

        foreach (var reader in _readers)
        {
            if (reader.WaitsFor >= 0 && plan.FilledEnd(reader.WaitsFor) == reader.WaitsFor && plan.Want(reader.WaitsFor) is { } wanted)
            {
                return wanted;
            }
        }

        if (plan.HasRuns)
        {
            return null;
        }

        var next = !plan.IsComplete && IsWanted ? plan.NextGap() : null;
        IsStopping = next is null;
        return next;
    }

    /// <summary>Stops the fill if nobody wants it. Returns whether it did so now.</summary>
    public bool StopIfUnwanted()
    {
        if (IsStopping || IsWanted)
        {
            return false;
        }

        IsStopping = true;
        return true;
    }

    /// <summary>Stops the fill because its object has been purged: nothing of it is kept.</summary>
    public void Condemn()
    {
        // Though another failure was first: that one would keep what has arrived.
        Failure = new ChunkReadException(ProxyError.VersionChanged, "the object has been purged");
        IsStopping = true;
    }
}
