using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Fills;

/// <summary>The one retrieval of a chunk that is under way, and its readers.</summary>
/// <remarks>
/// <para>
/// All state lies behind one lock, held for bookkeeping only: bytes are written outside of it, into parts of the buffer that no
/// reader sees before the plan says so, and each run alone writes its part.
/// </para>
/// <para>
/// The end is the delicate moment. A reader that comes while the fill ends is turned away (<see cref="TryJoin"/> says no) and
/// waits for <see cref="Ended"/>, which is set only after the chunk, or what there is of it, has been put into memory and the fill
/// has left the table. So whoever comes back finds it there, or begins a new fill that finds it there: no byte is fetched twice.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing, and its runs may still look at it after the end.")]
internal sealed class ChunkFill
{
    // A reader waits this long for a run on its way to the wanted byte, rather than ask for it separately.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PaceKnownAfter = TimeSpan.FromMilliseconds(50);

    private readonly FillContext _context;
    private readonly Lock _lock = new();
    private readonly List<FillReader> _readers = [];
    private readonly CancellationTokenSource _unwanted = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _startedAt;

    private ChunkBuffer? _buffer;
    private FillPlan? _plan;
    private TaskCompletionSource? _progress;
    private ITimer? _hold;
    private ChunkReadException? _failure;
    private FillOutcome _outcome;
    private ChunkSource _source;
    private bool _hasBrought;
    private bool _broughtFromElsewhere;
    private bool _stopping;

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
    public FillOutcome Outcome => _outcome;

    /// <summary>Neither the disk nor another member has (more of) the chunk: its further runs need not look there again.</summary>
    public bool IsOriginsAlone { get; set; }

    /// <summary>Bytes that are there, for whoever looks at fills under way.</summary>
    public int FilledBytes
    {
        get
        {
            lock (_lock)
            {
                return _plan is null ? 0 : Chunk.Length - _plan.Missing;
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
        if (!TryTakeBuffer())
        {
            opened?.Dispose();
            return;
        }

        _hold = _context.Time.CreateTimer(static fill => ((ChunkFill)fill!).StopHolding(), this, hold, Timeout.InfiniteTimeSpan);
        if (_plan!.FilledEnd(offset) > offset || _plan.Want(offset) is not { } run)
        {
            opened?.Dispose();
            return;
        }

        Start(run, opened);
    }

    /// <summary>Like <see cref="Begin"/>, for bytes that the caller writes itself, from the chunk's first one on. Null where they are not needed.</summary>
    public FillRun? BeginPassing()
    {
        if (!TryTakeBuffer())
        {
            return null;
        }

        if (_plan!.FilledEnd(0) == 0)
        {
            return _plan.Want(0);
        }

        _stopping = true;
        Finish(FillOutcome.Abandoned);
        return null;
    }

    /// <summary>Begins the fill of another chunk of the version, whose bytes come along with this one's.</summary>
    public PassingFill? TryBeginPassing(Chunk passed) => _context.TryBeginPassing(passed);

    public void EndPassing(FillRun run) => EndRun(run, failure: null);

    /// <summary>Adds a reader, unless the fill is ending. The reader holds the buffer by a reference of its own.</summary>
    public bool TryJoin(Slice slice, [NotNullWhen(true)] out FillReader? reader)
    {
        lock (_lock)
        {
            reader = null;
            if (_stopping || _buffer is null || !_buffer.TryRetain())
            {
                return false;
            }

            reader = new FillReader(this, _buffer, slice, collapsed: _hold is null); // the first one is whom the fill was begun for
            _readers.Add(reader);
            _hold?.Dispose();
            _hold = null;
            return true;
        }
    }

    public void Leave(FillReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }

        reader.Buffer.Release();
        StopIfUnwanted();
    }

    /// <summary>Where the bytes come from, as far as is known.</summary>
    public ChunkSource Source
    {
        get
        {
            lock (_lock)
            {
                return _source;
            }
        }
    }

    /// <summary>Returns how far the bytes from <paramref name="offset"/> on are there; if not one is, asks for them and gives the task that ends when something has changed.</summary>
    /// <exception cref="ChunkReadException">They will not come.</exception>
    public int FilledEnd(FillReader reader, int offset, out Task changed)
    {
        lock (_lock)
        {
            changed = Task.CompletedTask;
            var end = _plan!.FilledEnd(offset);
            if (end > offset)
            {
                reader.WaitsFor = -1;
                return end;
            }

            if (_failure is not null)
            {
                throw new ChunkReadException(_failure.Error, _failure.Message, _failure);
            }

            reader.WaitsFor = offset;
            if (!_stopping && _plan.Want(offset) is { } run)
            {
                Start(run, opened: null);
            }

            _progress ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed = _progress.Task;
            return offset;
        }
    }

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
            run.Position += count;
            Pace(run);
            _source = source;
            _hasBrought = true;
            _broughtFromElsewhere |= source != ChunkSource.Disk;
            Wake();
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
            if (_ended.Task.IsCompleted || _plan is null)
            {
                return;
            }

            // Though another failure was first: that one would keep what has arrived.
            _failure = new ChunkReadException(ProxyError.VersionChanged, "the object has been purged");
            _stopping = true;
            if (_plan.HasRuns)
            {
                Wake(); // nobody need wait for the runs to end
            }
            else
            {
                Finish(FillOutcome.VersionChanged);
                return;
            }
        }

        _unwanted.Cancel();
    }

    public void ExtendToFront(FillRun run, int from)
    {
        lock (_lock)
        {
            _plan!.ExtendToFront(run, from);
        }
    }

    // Under the lock. False: the fill has ended, because all is there already or because there is no room.
    private bool TryTakeBuffer()
    {
        _buffer = _context.Memory.TryGet(Chunk.Key);
        if (_buffer is { Partial: null })
        {
            _stopping = true;
            Finish(FillOutcome.AlreadyThere);
            return false;
        }

        if (_buffer is not null)
        {
            _context.Memory.Remove(Chunk.Key); // only one fill writes into a buffer: nobody else finds it there now
        }

        _buffer ??= _context.Memory.TryRent(Chunk.Length);
        if (_buffer is null)
        {
            _stopping = true;
            Finish(FillOutcome.NoRoom);
            return false;
        }

        _buffer.Version = Chunk.Version;
        _buffer.IsNearCopy = IsNearCopy;
        _plan = new FillPlan(Chunk.Length, _buffer.Partial ?? Extents.None);
        return true;
    }

    private void Start(FillRun run, OriginBody? opened)
    {
        run.StartedAt = _context.Time.GetTimestamp();
        _ = Task.Run(() => RunAsync(new FillTarget(this, run), opened)); // never on the thread of whoever asks: it may be a socket's
    }

    private async Task RunAsync(FillTarget target, OriginBody? opened)
    {
        ChunkReadException? failure = null;
        using var span = CacheTracing.StartFill(Chunk, target.Position, target.Limit);
        try
        {
            await _context.Retrieval.BringAsync(target, opened, _unwanted.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody wants the bytes any more.
        }
        catch (ChunkReadException error)
        {
            failure = error;
            span.Failed(error.Error);
        }
        catch (Exception error)
        {
            // A bug, or I/O broken in a way nobody foresaw: the readers must see it, and the next fill tries again.
            failure = new ChunkReadException(ProxyError.OriginMisbehaved, "the chunk could not be retrieved", error);
            _context.UnexpectedFailure(Chunk, error);
        }

        span.Found(new ReadReport(Source, Collapsed: false));
        EndRun(target.Run, failure);
    }

    private void EndRun(FillRun run, ChunkReadException? failure)
    {
        var cancelOthers = false;
        lock (_lock)
        {
            var plan = _plan!;
            plan.End(run);
            if (failure is not null && _failure is null)
            {
                _failure = failure;
                _stopping = cancelOthers = true;
            }

            if (!_stopping)
            {
                foreach (var reader in _readers)
                {
                    if (reader.WaitsFor >= 0 && plan.FilledEnd(reader.WaitsFor) == reader.WaitsFor && plan.Want(reader.WaitsFor) is { } wanted)
                    {
                        Start(wanted, opened: null);
                    }
                }

                if (!plan.HasRuns && !plan.IsComplete && IsWanted() && plan.NextGap() is { } gap)
                {
                    Start(gap, opened: null);
                }
            }

            if (!plan.HasRuns)
            {
                _stopping = true;
                Finish(
                    _failure is { Error: ProxyError.VersionChanged } ? FillOutcome.VersionChanged
                    : plan.IsComplete ? FillOutcome.Completed
                    : _failure is not null ? FillOutcome.Failed
                    : FillOutcome.Abandoned);
            }
        }

        if (cancelOthers)
        {
            _unwanted.Cancel();
        }
    }

    // Under the lock.
    private void Finish(FillOutcome outcome)
    {
        _outcome = outcome;
        _hold?.Dispose();
        switch (outcome)
        {
            case FillOutcome.Completed:
                _buffer!.Partial = null;
                _context.Memory.Add(Chunk.Key, _buffer);
                if (IsNearCopy)
                {
                    _context.NearCopyKept(Chunk.Key, Chunk.Length);
                }
                else if (_broughtFromElsewhere)
                {
                    _context.Disk?.Store(Chunk, _buffer);
                }

                break;
            case FillOutcome.Failed or FillOutcome.Abandoned when _plan!.There() is { TotalLength: > 0 } there:
                _buffer!.Partial = there;
                _context.Memory.Add(Chunk.Key, _buffer);
                break;
        }

        _context.Remove(this);
        _buffer?.Release();
        _context.Metrics.FillEnded(outcome, _context.Time.GetElapsedTime(_startedAt));
        Wake();
        _ended.TrySetResult();
    }

    // Under the lock. In the first moments of a run its speed says nothing.
    private void Pace(FillRun run)
    {
        var elapsed = _context.Time.GetElapsedTime(run.StartedAt);
        if (elapsed >= PaceKnownAfter)
        {
            run.Expect((run.Position - run.Start) * (Patience / elapsed));
        }
    }

    // Under the lock. The continuations run elsewhere.
    private void Wake()
    {
        _progress?.TrySetResult();
        _progress = null;
    }

    // Under the lock. What has begun to arrive is worth finishing when little is missing: from afar because of the way, from the disk
    // because it was read so often that it is to be in memory.
    private bool IsWanted() =>
        _readers.Count > 0 || _hold is not null || (_hasBrought && _plan!.Missing <= _context.FinishLimit);

    private void StopHolding()
    {
        lock (_lock)
        {
            _hold?.Dispose();
            _hold = null;
        }

        StopIfUnwanted();
    }

    private void StopIfUnwanted()
    {
        lock (_lock)
        {
            if (_stopping || IsWanted())
            {
                return;
            }

            _stopping = true;
            if (!_plan!.HasRuns)
            {
                Finish(FillOutcome.Abandoned);
                return;
            }
        }

        _unwanted.Cancel();
    }
}
