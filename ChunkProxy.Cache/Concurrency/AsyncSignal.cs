namespace ChunkProxy.Cache.Concurrency;

/// <summary>Wakes everybody who waits, each time that it is raised.</summary>
/// <remarks>
/// Who waits for a condition takes <see cref="Next"/> before looking at it, and waits for that task if the condition does not hold: a change between the
/// look and the wait completes this very task. Continuations run elsewhere, so it may be raised under a lock.
/// </remarks>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = Create();

    /// <summary>Completes when the signal is raised the next time.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, Create()).SetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
