namespace ChunkProxy.Cache.Tiers.Disk;

// Chunks that wait without a reference: when they move up, when the queue looks at them by itself, and when they go to another directory.
internal sealed partial class DiskWriteQueue
{
    // Under the lock. Keeps a chunk in mind without a reference, or counts it as lost.
    private void Demote(PendingWrite pending)
    {
        var isKept = pending.IsInMemory && !_isEnding;
        pending.Wait();
        if (!isKept)
        {
            Interlocked.Increment(ref counters.DroppedWrites);
            return;
        }

        _candidates.Add(pending);
    }

    // Under the lock. Posts candidates while there is room. The oldest one leaves in any case, so that none blocks those behind it: what cannot be held
    // has left memory, and a pause that begins at this moment makes it a candidate again.
    private void Promote()
    {
        for (var left = _candidates.Count; left > 0 && breaker.MayTry && _candidates.First is { } oldest; left--)
        {
            if (!HasPlaceFor(oldest) && oldest.IsInMemory)
            {
                break;
            }

            _candidates.RemoveFirst();
            if (!TryPost(oldest))
            {
                Demote(oldest);
            }
        }

        PlanRetry();
    }

    // Under the lock. Call it after each change of the candidates, and when the last write ended.
    private void PlanRetry()
    {
        if (_candidates.Count > 0 && _heldBytes == 0 && !_isEnding)
        {
            _retry.Plan(Retry);
        }
        else
        {
            _retry.Cancel();
        }
    }

    private void Retry()
    {
        lock (_gate)
        {
            _retry.Cancel();
            Promote();
        }
    }

    // Each directory has its own lock, and none is held here: two directories that fail at once could otherwise wait for each other.
    private void HandOver(Func<PendingWrite, bool> elsewhere)
    {
        IReadOnlyList<PendingWrite> leaving;
        lock (_gate)
        {
            if (breaker.MayTry || _isEnding)
            {
                return;
            }

            leaving = _candidates.TakeAll();
            PlanRetry();
        }

        foreach (var pending in leaving.Where(pending => !elsewhere(pending)))
        {
            lock (_gate)
            {
                Demote(pending);
                PlanRetry();
            }
        }
    }
}
