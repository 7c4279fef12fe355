using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Fills;

/// <summary>[5] The retrieval of a chunk that is in progress, and its readers. There is at most one per chunk.</summary>
/// <remarks>
/// <para>
/// One lock guards all state, and is held for bookkeeping only. Bytes are written outside the lock, into parts of the buffer that no
/// reader sees before the plan says so; each run alone writes its part. The <see cref="FillLifecycle"/> decides what happens next,
/// and this class does it.
/// </para>
/// <para>
/// The end is the critical moment. A reader that comes while the fill ends is rejected (<see cref="TryJoin"/> returns false) and waits
/// for <see cref="Ended"/>. That is set only after the chunk, or the available part of it, is in memory and the fill has left the table.
/// So a reader that returns finds the bytes in memory, or begins a new fill that finds them there: no byte is fetched twice.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds no resource, and runs may still read it after the end.")]
internal sealed partial class ChunkFill
{
    private readonly FillContext _context;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _unwanted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt;

    private ChunkBuffer? _buffer;
    private FillLifecycle? _life; // null before the fill begins, and if it ended at once
    private ITimer? _hold;

    public ChunkFill(Chunk chunk, FillContext context, bool isNearCopy)
    {
        Chunk = chunk;
        IsNearCopy = isNearCopy;
        _context = context;
        _startedAt = context.Time.GetTimestamp();
    }

    public Chunk Chunk { get; }

    /// <summary>Another member owns the chunk. The bytes come from there, and stay in memory only.</summary>
    public bool IsNearCopy { get; }

    /// <summary>Completes when the fill has ended, with any outcome, and has left the table.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Valid after <see cref="Ended"/>.</summary>
    public FillOutcome Outcome { get; private set; }

    /// <summary>Neither the disk nor another member has (more of) the chunk: further runs skip them.</summary>
    public bool OnlyOriginHasRest { get; set; }

    /// <summary>Number of available bytes, for the status of fills in progress.</summary>
    public int FilledBytes
    {
        get
        {
            lock (_lock)
            {
                return _life is null ? 0 : Chunk.Length - _life.Plan.Missing;
            }
        }
    }

    /// <summary>Where the bytes come from, as far as known.</summary>
    public ChunkSource Source
    {
        get
        {
            lock (_lock)
            {
                return _life?.Source ?? default;
            }
        }
    }

    /// <summary>Locks others out until <see cref="Begin"/>. The creator calls it before the fill can be found in the table.</summary>
    public Lock.Scope EnterBeforeBegin() => _lock.EnterScope();

    /// <summary>
    /// Takes the chunk's bytes from memory, or room for them, and starts a run. Called once, inside <see cref="EnterBeforeBegin"/>.
    /// </summary>
    /// <param name="slice">What the first reader wants.</param>
    /// <param name="opened">A response of the origin that delivers the bytes from its start on, or null. The fill owns it from now on.</param>
    /// <param name="hold">How long the fill waits for its first reader.</param>
    public void Begin(Slice slice, OriginBody? opened, TimeSpan hold)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "the creator holds the lock from before the fill is found in the table");
        if (TryTakeBuffer() is not { } life)
        {
            opened?.Dispose();
            return;
        }

        life.HeldFor = slice.Length;
        _hold = _context.Time.CreateTimer(static fill => ((ChunkFill)fill!).StopHolding(), this, hold, Timeout.InfiniteTimeSpan);
        if (life.Plan.FilledEnd(slice.Offset) > slice.Offset || life.Want(slice.Offset) is not { } run)
        {
            opened?.Dispose();
            return;
        }

        Start(run, opened);
    }

    /// <summary>
    /// Like <see cref="Begin"/>, for bytes that the caller writes itself, from the chunk's first byte on. Returns null if they are not needed.
    /// </summary>
    public FillRun? BeginPassing()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "the creator holds the lock from before the fill is found in the table");
        if (TryTakeBuffer() is not { } life)
        {
            return null;
        }

        if (life.Plan.FilledEnd(0) == 0 && life.Want(0) is { } run)
        {
            run.StartedAt = _context.Time.GetTimestamp();
            return run;
        }

        life.StopIfUnwanted();
        FinishIfOver();
        return null;
    }

    /// <summary>Begins the fill of another chunk of the version, whose bytes arrive with this one's.</summary>
    public PassingFill? TryBeginPassing(Chunk passed) => _context.TryBeginPassing(passed);

    /// <summary>
    /// Ends the fill because its object was purged: waiting readers learn that the version is gone, and no bytes are kept. Has no effect on
    /// a fill that has ended.
    /// </summary>
    public void Condemn()
    {
        lock (_lock)
        {
            if (_life is not { Ending: null } life)
            {
                return;
            }

            life.Condemn();
            Wake(); // readers need not wait for the runs to end
            if (FinishIfOver())
            {
                return;
            }
        }

        _unwanted.Cancel();
    }

    // Under the lock. Returns null if the fill has ended, because the object was purged, because the chunk is complete already, or because there is no room.
    private FillLifecycle? TryTakeBuffer()
    {
        // Against a concurrent purge. The purge updates the ledger, then scans the table. The fill is in the table before it asks the ledger. So at least one
        // of the two sees the other, whichever is first. A fill that began all the same could complete before it is condemned.
        if (_context.IsPurged(Chunk.Version))
        {
            Finish(FillOutcome.VersionChanged);
            return null;
        }

        _buffer = _context.Storage.TryTake(Chunk, IsNearCopy, out var whyNot);
        if (_buffer is null)
        {
            Finish(whyNot);
            return null;
        }

        return _life = new FillLifecycle(new FillPlan(Chunk.Length, _buffer.Partial ?? Extents.None), _context.Settings.FinishLimit, FinishFactor);
    }

    // Not for an object's first chunk: players probe its first bytes, and then read on.
    private int? FinishFactor => Chunk.Index == 0 ? null : _context.Settings.FinishFactor;

    // Under the lock.
    private void Start(FillRun run, OriginBody? opened)
    {
        run.StartedAt = _context.Time.GetTimestamp();
        _context.Retrieval.Start(new FillTarget(this, run), opened, _unwanted.Token);
    }

    // Under the lock.
    private bool FinishIfOver()
    {
        if (_life!.Ending is not { } outcome)
        {
            return false;
        }

        switch (outcome)
        {
            case FillOutcome.Completed:
                _context.Storage.KeepWhole(Chunk, _buffer!, isOnDisk: !_life.HasReadElsewhere);
                break;
            case FillOutcome.Failed or FillOutcome.Abandoned when _life.Plan.Present() is { TotalLength: > 0 } there:
                _context.Storage.KeepPart(Chunk, _buffer!, there);
                break;
        }

        _hold?.Dispose();
        Finish(outcome);
        return true;
    }

    // Under the lock.
    private void Finish(FillOutcome outcome)
    {
        Outcome = outcome;
        _context.Remove(this);
        _buffer?.Release();
        _context.Metrics.FillEnded(outcome, _context.Time.GetElapsedTime(_startedAt));
        Wake();
        _ended.TrySetResult();
    }

    private void StopHolding()
    {
        lock (_lock)
        {
            _hold?.Dispose();
            _life!.HeldFor = 0;
        }

        StopIfUnwanted();
    }

    private void StopIfUnwanted()
    {
        lock (_lock)
        {
            if (!_life!.StopIfUnwanted() || FinishIfOver())
            {
                return;
            }
        }

        _unwanted.Cancel();
    }
}
