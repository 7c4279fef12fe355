using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Fills;

/// <summary>[5] The one retrieval of a chunk that is under way, and its readers.</summary>
/// <remarks>
/// <para>
/// All state lies behind one lock, held for bookkeeping only: bytes are written outside of it, into parts of the buffer that no
/// reader sees before the plan says so, and each run alone writes its part. What happens next is decided by the
/// <see cref="FillLifecycle"/>, and done here.
/// </para>
/// <para>
/// The end is the delicate moment. A reader that comes while the fill ends is turned away (<see cref="TryJoin"/> says no) and
/// waits for <see cref="Ended"/>, which is set only after the chunk, or what there is of it, has been put into memory and the fill
/// has left the table. So whoever comes back finds it there, or begins a new fill that finds it there: no byte is fetched twice.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing, and its runs may still look at it after the end.")]
internal sealed partial class ChunkFill
{
    private readonly FillContext _context;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _unwanted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt;

    private ChunkBuffer? _buffer;
    private FillLifecycle? _life; // null before the fill begins, and where it ended at once
    private ITimer? _hold;

    public ChunkFill(Chunk chunk, FillContext context, bool isNearCopy)
    {
        Chunk = chunk;
        IsNearCopy = isNearCopy;
        _context = context;
        _startedAt = context.Time.GetTimestamp();
    }

    public Chunk Chunk { get; }

    /// <summary>The chunk is another member's: its bytes come from there, and stay in memory only.</summary>
    public bool IsNearCopy { get; }

    /// <summary>Completes when the fill has ended, whichever way, and has left the table.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Valid after <see cref="Ended"/>.</summary>
    public FillOutcome Outcome { get; private set; }

    /// <summary>Neither the disk nor another member has (more of) the chunk: its further runs need not look there again.</summary>
    public bool OnlyOriginHasRest { get; set; }

    /// <summary>Bytes that are there, for whoever looks at fills under way.</summary>
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

    /// <summary>Where the bytes come from, as far as is known.</summary>
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

    /// <summary>Keeps others out until <see cref="Begin"/>: taken by the creator before the fill can be found in the table.</summary>
    public Lock.Scope EnterBeforeBegin() => _lock.EnterScope();

    /// <summary>Takes what memory has of the chunk, or room for it, and starts a run. Called once, inside <see cref="EnterBeforeBegin"/>.</summary>
    /// <param name="offset">The first byte that is wanted, from the chunk's start.</param>
    /// <param name="opened">An answer of the origin that brings the bytes from there on; it belongs to the fill from now on.</param>
    /// <param name="hold">How long the fill waits for its first reader.</param>
    public void Begin(int offset, OriginBody? opened, TimeSpan hold)
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "the creator holds the lock from before the fill is found in the table");
        if (TryTakeBuffer() is not { } life)
        {
            opened?.Dispose();
            return;
        }

        life.IsHeld = true;
        _hold = _context.Time.CreateTimer(static fill => ((ChunkFill)fill!).StopHolding(), this, hold, Timeout.InfiniteTimeSpan);
        if (life.Plan.FilledEnd(offset) > offset || life.Want(offset) is not { } run)
        {
            opened?.Dispose();
            return;
        }

        Start(run, opened);
    }

    /// <summary>Like <see cref="Begin"/>, for bytes that the caller writes itself, from the chunk's first one on. Null where they are not needed.</summary>
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

    /// <summary>Begins the fill of another chunk of the version, whose bytes come along with this one's.</summary>
    public PassingFill? TryBeginPassing(Chunk passed) => _context.TryBeginPassing(passed);

    /// <summary>The place for the run's next bytes; empty when the run is done.</summary>
    public Memory<byte> Room(FillRun run)
    {
        lock (_lock)
        {
            return _buffer!.Memory[run.Position..Math.Min(run.Limit, run.Position + FillPlan.LongestPiece)];
        }
    }

    /// <summary>The run's next bytes have been written: lets the readers see them.</summary>
    public void Advance(FillRun run, int count, ChunkSource source)
    {
        _context.Metrics.Received(source, count);
        lock (_lock)
        {
            run.Advance(count, _context.Time.GetElapsedTime(run.StartedAt));
            _life!.Brought(source);
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

    /// <summary>The run brings no more, whether it reached its limit or not.</summary>
    public void End(FillRun run, ChunkReadException? failure)
    {
        lock (_lock)
        {
            var life = _life!;
            life.End(run, failure);
            while (life.NextRun() is { } next)
            {
                Start(next, opened: null);
            }

            FinishIfOver();
        }

        if (failure is not null)
        {
            _unwanted.Cancel();
        }
    }

    /// <summary>
    /// Ends the fill because its object has been purged: who waits for bytes is told that the version is gone, and nothing of them is kept. Has no
    /// effect on a fill that has ended.
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
            Wake(); // nobody need wait for the runs to end
            if (FinishIfOver())
            {
                return;
            }
        }

        _unwanted.Cancel();
    }

    // Under the lock. Null: the fill has ended, because all is there already or because there is no room.
    private FillLifecycle? TryTakeBuffer()
    {
        _buffer = _context.Storage.TryTake(Chunk, IsNearCopy, out var whyNot);
        if (_buffer is null)
        {
            Finish(whyNot);
            return null;
        }

        return _life = new FillLifecycle(new FillPlan(Chunk.Length, _buffer.Partial ?? Extents.None), _context.FinishLimit);
    }

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
                _context.Storage.KeepWhole(Chunk, _buffer!, isOnDisk: !_life.HasBroughtFromElsewhere);
                break;
            case FillOutcome.Failed or FillOutcome.Abandoned when _life.Plan.There() is { TotalLength: > 0 } there:
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
            _life!.IsHeld = false;
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
