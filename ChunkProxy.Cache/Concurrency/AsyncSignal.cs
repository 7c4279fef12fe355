namespace ChunkProxy.Cache.Concurrency;

/// <summary>Wakes all waiters each time it is raised.</summary>
/// <remarks>
/// A waiter takes <see cref="Next"/> before it checks its condition, and awaits that task if the condition does not hold: a change between
/// the check and the wait completes this very task. Continuations run asynchronously, so the signal may be raised under a lock.
/// </remarks>
internal sealed class AsyncSignal
{
    private TaskCompletionSource _next = Create();

    /// <summary>Completes when the signal is raised next.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Raise() => Interlocked.Exchange(ref _next, Create()).SetResult();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
