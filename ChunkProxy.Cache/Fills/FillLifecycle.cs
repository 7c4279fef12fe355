using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

/// <summary>
/// Decides how long a fill continues, which run it starts next, and how it ends. Does no I/O; the caller holds a lock around every call.
/// </summary>
/// <remarks>
/// A fill is open, then stopping, then over. While it is open, readers join and leave, and runs are started for them. It stops when it is
/// complete or no reader wants it any more, when a run fails, or when its object is purged. From then on no reader joins and no run starts.
/// It is over when the last run has ended.
/// </remarks>
/// <param name="plan">The available bytes, and the runs in progress for the others.</param>
/// <param name="finishLimit">A fill without readers continues while at most this many bytes are to come.</param>
/// <param name="finishFactor">
/// And while those bytes are at most this many times the ones that readers have read, unless they are on the disk. The origin is asked for no more
/// than this many times the bytes that readers want, in addition to those. Null: no such bound.
/// </param>
internal sealed class FillLifecycle(FillPlan plan, long finishLimit, int? finishFactor)
{
    private readonly List<IByteWaiter> _readers = [];
    private bool _hasReceived;
    private long _read; // bytes, of readers that have left

    public FillPlan Plan => plan;

    public bool IsStopping { get; private set; }

    /// <summary>Why the missing bytes will not come.</summary>
    public ChunkReadException? Failure { get; private set; }

    /// <summary>A reader is about to join, who wants this many bytes; 0: no such reader.</summary>
    public int HeldFor { get; set; }

    /// <summary>A reader is about to join.</summary>
    public bool IsHeld => HeldFor > 0;

    /// <summary>Where the bytes come from, as far as known.</summary>
    public ChunkSource Source { get; private set; }

    /// <summary>Some of the bytes did not come from this process's disk.</summary>
    public bool HasReadElsewhere { get; private set; }

    /// <summary>How the fill has ended; null until it is over.</summary>
    public FillOutcome? Ending =>
        !IsStopping || plan.HasRuns ? null
        : Failure is { Error: ProxyError.VersionChanged } ? FillOutcome.VersionChanged
        : plan.IsComplete ? FillOutcome.Completed
        : Failure is not null ? FillOutcome.Failed
        : FillOutcome.Abandoned;

    private long Wanted => _read + HeldFor + _readers.Sum(static reader => (long)reader.Wanted);

    /// <summary>Somebody reads the bytes, or is about to.</summary>
    public bool HasReaders => _readers.Count > 0 || IsHeld;

    /// <summary>Adds a reader, which ends the hold. Not for a fill that is stopping.</summary>
    public void Join(IByteWaiter reader)
    {
        _readers.Add(reader);
        HeldFor = 0;
    }

    public void Leave(IByteWaiter reader)
    {
        if (_readers.Remove(reader))
        {
            _read += reader.ReadBytes;
        }
    }

    /// <summary>Records that a run has received bytes.</summary>
    public void AddReceived(ChunkSource source)
    {
        Source = source;
        _hasReceived = true;
        HasReadElsewhere |= source != ChunkSource.Disk;
    }

    /// <summary>
    /// Returns the run to start for a reader that waits for this byte; null if a run in progress will bring the byte, or none will.
    /// </summary>
    public FillRun? Want(int offset) => IsStopping ? null : plan.Want(offset);

    /// <summary>
    /// Returns the run to start for a reader that joins: its slice may begin with available bytes and lack others, and a slow reader would request
    /// those late. Null if it lacks none, or if a run in progress will bring the first of them.
    /// </summary>
    public FillRun? Want(Slice slice) => plan.FilledEnd(slice.Offset) is var missing && missing < slice.End ? Want(missing) : null;

    /// <summary>Returns the end of the bytes that the origin may be asked for at once, for this run.</summary>
    public int EndAtOrigin(FillRun run) =>
        finishFactor is { } factor ? (int)Math.Min(run.Limit, run.Position + ((1L + factor) * Math.Max(1, Wanted))) : run.Limit;

    /// <summary>Ends a run, complete or not. The fill may be over now; if it is open, call <see cref="NextRun"/> first.</summary>
    public void End(FillRun run, ChunkReadException? failure)
    {
        plan.End(run);
        if (failure is not null)
        {
            Failure ??= failure;
            IsStopping = true;
        }
    }

    /// <summary>
    /// Returns the run to start after another has ended: for a waiting reader, or else for missing bytes. If nothing is left to do, the fill stops; if the
    /// missing bytes are more than its readers justify, it waits for what they request.
    /// </summary>
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

        IsStopping = plan.IsComplete || !(HasReaders || IsWorth(plan.Missing));
        return IsStopping || !IsJustified(plan.Missing, Wanted) ? null : plan.NextGap();
    }

    /// <summary>Stops the fill if no reader wants it. Returns true if it stopped now.</summary>
    public bool StopIfUnwanted()
    {
        if (IsStopping || HasReaders || (plan.HasRuns && IsWorth(plan.Expected)))
        {
            return false;
        }

        IsStopping = true;
        return true;
    }

    /// <summary>Stops the fill because its object was purged: no bytes are kept.</summary>
    public void Condemn()
    {
        // Replaces an earlier failure, with which the received bytes would be kept.
        Failure = new ChunkReadException(ProxyError.VersionChanged, "the object has been purged");
        IsStopping = true;
    }

    // A fill that has received bytes is worth finishing when little is to come: a new request to a remote source would cost a round trip, and the disk
    // is to move a chunk that is read often to memory. A remote source sends at most finishFactor times the bytes that were read.
    private bool IsWorth(int bytes) => _hasReceived && bytes <= finishLimit && IsJustified(bytes, _read);

    private bool IsJustified(int bytes, long by) => !HasReadElsewhere || finishFactor is not { } factor || bytes <= factor * by;
}
