using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Queues chunks for the writing thread. A chunk stays a candidate until it is written or leaves memory.</summary>
/// <remarks>
/// Up to the limit the queue holds a reference to each chunk, so that memory cannot evict it before it is written. Further chunks wait without a
/// reference; they move up as writes complete. So do the chunks whose write failed. At two thirds of the limit, new fills wait for a short time
/// (<see cref="WhenRoomAsync"/>), which makes the disk's speed the limit of a sustained load, and loses nothing: the last third is for fills in progress.
/// <para>
/// A purge removes a chunk from memory first and then posts the deletion of its file. A chunk that waited without a reference is written only if
/// memory still has it at that moment, on the thread that runs the deletions: so it is written before the deletion, or not at all.
/// </para>
/// <para>
/// A fill and the end of a write look at the candidates. If neither is to be expected, the queue does so itself at the end of the disk's pause
/// (<see cref="WriteRetry"/>): with hits alone the disk would otherwise stay unused, and count as failing.
/// </para>
/// </remarks>
/// <param name="index">Files already on disk.</param>
/// <param name="store">Writes the files.</param>
/// <param name="writer">The single writing thread.</param>
/// <param name="breaker">While it is open, nothing is written.</param>
/// <param name="counters">Counts lost writes.</param>
/// <param name="time">Limits the wait for room.</param>
/// <param name="limit">Upper bound of the bytes that the queue holds in memory.</param>
internal sealed partial class DiskWriteQueue(
    DiskIndex index, DiskStore store, DiskThreads writer, DiskBreaker breaker, DiskCounters counters, TimeProvider time, long limit)
{
    private readonly long _fullAt = limit / 3 * 2;
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingWrite> _held = []; // posted to the thread, not begun
    private readonly WriteCandidates _candidates = new(2 * limit); // without a reference
    private readonly WriteTurns _turns = new(LongestWait, time);
    private readonly WriteRetry _retry = new(breaker, time);
    private long _heldBytes; // including the write in progress
    private bool _isEnding;
    private long _endedAt;

    /// <summary>Longest time that a fill waits for room in the queue: a slow disk costs a reader no more than this for each chunk.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest time that the end of the process waits for queued chunks, beside the write in progress.</summary>
    public static TimeSpan LongestEnd { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of the chunks that are to be written.</summary>
    public long WaitingBytes => Interlocked.Read(ref _heldBytes) + _candidates.Bytes;

    /// <summary>
    /// Takes over a chunk whose write failed, if another directory can write it. Returns false to leave it here. Null: there is no other directory.
    /// Called without the lock.
    /// </summary>
    public Func<PendingWrite, bool>? Elsewhere { get; set; }

    /// <summary>Whether a new fill need not wait.</summary>
    public bool HasRoom => WaitingBytes < _fullAt;

    // Before the scan has ended, nothing is written, and a wait would not help.
    private bool IsFull => WaitingBytes >= _fullAt && breaker.MayTry && store.IsReady;

    /// <summary>Queues a complete chunk. While the disk fails or the queue is full, the chunk is written later if it is still in memory.</summary>
    public void Store(Chunk chunk, ChunkBuffer complete)
    {
        if (index.Contains(chunk.Key))
        {
            return; // equal keys mean equal bytes
        }

        if (complete.Length != chunk.Length)
        {
            Interlocked.Increment(ref counters.DroppedWrites);
            return;
        }

        Adopt(new PendingWrite(chunk, complete));
    }

    /// <summary>Queues a chunk. One that another directory could not write has no reference, and is written only while it is in memory.</summary>
    public void Adopt(PendingWrite pending)
    {
        lock (_gate)
        {
            if (_candidates.Count > 0 || !TryPost(pending))
            {
                Demote(pending);
                Promote();
            }
        }
    }

    /// <summary>Completes when the queue has room for the chunk of a new fill, after <see cref="LongestWait"/> at the latest.</summary>
    public ValueTask WhenRoomAsync(CancellationToken cancellationToken)
    {
        if (HasRoom)
        {
            return default;
        }

        lock (_gate)
        {
            return IsFull ? _turns.WaitAsync(cancellationToken) : default;
        }
    }

    /// <summary>Gives back references to chunks whose write has not begun, because memory has no other room. They remain candidates.</summary>
    /// <returns>The bytes of these chunks; 0 if there are none.</returns>
    public long GiveBack(long bytes)
    {
        lock (_gate)
        {
            var before = _heldBytes;
            while (before - _heldBytes < bytes && _held.First is { } oldest)
            {
                GiveBack(oldest);
            }

            PlanRetry();
            return before - _heldBytes;
        }
    }

    /// <summary>Posts all candidates. Call it before the writing thread ends.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isEnding = true;
            _endedAt = time.GetTimestamp();
            Promote();
            _turns.GiveAll();
        }
    }

    // Under the lock. One chunk may be longer than the limit.
    private bool HasPlaceFor(PendingWrite pending) => _heldBytes == 0 || _heldBytes + pending.Chunk.Length <= limit || _isEnding;

    // Under the lock. Posts a write that holds its chunk.
    private bool TryPost(PendingWrite pending)
    {
        var length = pending.Chunk.Length;
        if (!breaker.MayTry || !HasPlaceFor(pending) || !pending.TryHold())
        {
            return false;
        }

        var node = _held.AddLast(pending);
        if (writer.TryPost(() => Run(node)))
        {
            Interlocked.Add(ref _heldBytes, length);
            return true;
        }

        _held.Remove(node);
        return false; // the tier was disposed
    }

    private void Run(LinkedListNode<PendingWrite> node)
    {
        var pending = node.Value;
        bool isTooLate;
        lock (_gate)
        {
            if (node.List is null)
            {
                return; // given back
            }

            _held.Remove(node);
            isTooLate = _isEnding && time.GetElapsedTime(_endedAt) >= LongestEnd;
        }

        var outcome = DiskWriteOutcome.Failed;
        try
        {
            outcome = isTooLate ? DiskWriteOutcome.Failed : Write(pending);
        }
        finally
        {
            Ended(pending, outcome);
        }
    }

    private void Ended(PendingWrite pending, DiskWriteOutcome outcome)
    {
        Settle(pending, outcome);
        if (outcome is DiskWriteOutcome.Failed && Elsewhere is { } elsewhere)
        {
            HandOver(elsewhere);
        }
    }

    private void Settle(PendingWrite pending, DiskWriteOutcome outcome)
    {
        lock (_gate)
        {
            Interlocked.Add(ref _heldBytes, -pending.Chunk.Length);
            if (outcome is DiskWriteOutcome.Failed)
            {
                while (_held.First is { } oldest)
                {
                    GiveBack(oldest); // memory must not be occupied until the disk recovers
                }

                Demote(pending);
                PlanRetry();
            }
            else
            {
                pending.Release();
                if (outcome is DiskWriteOutcome.NoRoom)
                {
                    Interlocked.Increment(ref counters.DroppedWrites);
                }

                Promote();
            }

            if (outcome is DiskWriteOutcome.Failed || !IsFull)
            {
                _turns.GiveAll();
            }
            else
            {
                _turns.GiveOne();
            }
        }
    }

    // Under the lock.
    private void GiveBack(LinkedListNode<PendingWrite> held)
    {
        _held.Remove(held);
        Interlocked.Add(ref _heldBytes, -held.Value.Chunk.Length);
        Demote(held.Value);
    }

    private DiskWriteOutcome Write(PendingWrite pending)
    {
        var chunk = pending.Chunk;
        if (index.Contains(chunk.Key) || (pending.HasWaited && !pending.IsInMemory))
        {
            return DiskWriteOutcome.Written; // another write was first, or the chunk was purged meanwhile
        }

        ReadOnlyMemory<byte> bytes = pending.Buffer.Memory;
        return store.Write(chunk.Key, ChunkFileHeader.Encode(chunk, BlockChecksums.Of(bytes.Span, DiskTier.BlockSize)), bytes);
    }
}
