namespace ChunkProxy.Testing.Signals;

/// <summary>Wakes waiters of a condition each time that something it depends on has changed.</summary>
public sealed class ChangeSignal
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Raise() => Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>Returns once the condition is true.</summary>
    /// <exception cref="TimeoutException">It did not become true within <see cref="Patience.Limit"/>.</exception>
    public async Task UntilAsync(Func<bool> holds, string what, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience.Limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        while (true)
        {
            // Taken before the condition is checked: a change between the check and the wait completes this task.
            var changed = Volatile.Read(ref _changed).Task;
            if (holds())
            {
                return;
            }

            try
            {
                await changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {Patience.Limit.TotalSeconds:0} s in vain for: {what}");
            }
        }
    }
}
