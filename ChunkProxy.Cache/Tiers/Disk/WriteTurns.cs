namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Fills that wait for room in the write queue, in the order of their arrival. Thread-safe: a wait also ends by itself.</summary>
internal sealed class WriteTurns(TimeSpan longestWait, TimeProvider time)
{
    private readonly Lock _gate = new(); // taken under the lock of the queue, and never the other way round
    private readonly LinkedList<TaskCompletionSource> _waiting = [];

    /// <summary>Fills that wait now. One that gave up is not kept: while a disk hangs, no write ends that would take it out.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Completes when the caller's turn comes, or after the longest wait.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        var turn = new LinkedListNode<TaskCompletionSource>(new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _waiting.AddLast(turn);
        }

        return WaitAsync(turn, cancellationToken);
    }

    public void GiveOne()
    {
        lock (_gate)
        {
            if (_waiting.First is { } next)
            {
                Give(next);
            }
        }
    }

    public void GiveAll()
    {
        lock (_gate)
        {
            while (_waiting.First is { } next)
            {
                Give(next);
            }
        }
    }

    private async ValueTask WaitAsync(LinkedListNode<TaskCompletionSource> turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.Value.Task.WaitAsync(longestWait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            TryLeave(turn); // a slow disk delays a read, and does not fail it: the fill begins, with the turn or without
        }
        catch (OperationCanceledException)
        {
            // The turn may have come between the cancellation and this line. This fill does not begin, so the turn goes to the next in line.
            if (!TryLeave(turn))
            {
                GiveOne();
            }

            throw;
        }
    }

    private bool TryLeave(LinkedListNode<TaskCompletionSource> turn)
    {
        lock (_gate)
        {
            if (turn.List is null)
            {
                return false; // the turn came
            }

            _waiting.Remove(turn);
            return true;
        }
    }

    private void Give(LinkedListNode<TaskCompletionSource> turn)
    {
        _waiting.Remove(turn);
        turn.Value.SetResult();
    }
}
