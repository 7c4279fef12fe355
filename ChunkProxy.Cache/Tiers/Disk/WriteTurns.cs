namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Fills that wait for room in the write queue, in the order of their arrival. Guarded by the lock of the queue.</summary>
internal sealed class WriteTurns(TimeSpan longestWait, TimeProvider time)
{
    private readonly Queue<TaskCompletionSource> _waiting = new();

    /// <summary>Completes when the caller's turn comes, or after the longest wait.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(turn);
        return WaitAsync(turn, cancellationToken);
    }

    public void GiveOne()
    {
        while (_waiting.TryDequeue(out var turn) && !turn.TrySetResult())
        {
            // gave up meanwhile
        }
    }

    public void GiveAll()
    {
        while (_waiting.TryDequeue(out var turn))
        {
            turn.TrySetResult();
        }
    }

    private async ValueTask WaitAsync(TaskCompletionSource turn, CancellationToken cancellationToken)
    {
        try
        {
            await turn.Task.WaitAsync(longestWait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // a slow disk delays a read, and does not fail it
        }
        finally
        {
            turn.TrySetCanceled(CancellationToken.None); // if it did not come, it goes to the next in line
        }
    }
}
