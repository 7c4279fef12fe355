namespace ChunkProxy.Cache.Concurrency;

/// <summary>A circuit breaker that a probe closes: no caller's request is used to find out whether a failed server has recovered.</summary>
/// <param name="time">The clock.</param>
internal sealed class ProbeBreaker(TimeProvider time)
{
    private int _isOpen;

    /// <summary>Whether requests must not be sent.</summary>
    public bool IsOpen => Volatile.Read(ref _isOpen) != 0;

    /// <summary>Opens the breaker and starts to probe. Returns false if it is open already.</summary>
    /// <param name="probe">Returns whether the server has recovered. Must not throw, except when it is cancelled.</param>
    /// <param name="pauses">The pause before each probe.</param>
    /// <param name="isWanted">Whether to probe on. The breaker closes when it returns false.</param>
    /// <param name="closed">Called after the breaker closed. The argument is whether the server has recovered.</param>
    /// <param name="stop">Ends probing. The breaker stays open.</param>
    public bool Trip(
        Func<CancellationToken, Task<bool>> probe, Backoff pauses, Func<bool> isWanted, Action<bool> closed, CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _isOpen, 1) != 0)
        {
            return false;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => ProbeAsync(probe, pauses, isWanted, closed, stop), CancellationToken.None); // not part of the trace in which the server failed
        }

        return true;
    }

    private async Task ProbeAsync(
        Func<CancellationToken, Task<bool>> probe, Backoff pauses, Func<bool> isWanted, Action<bool> closed, CancellationToken stop)
    {
        try
        {
            var isBack = false;
            for (var number = 1; !isBack && isWanted(); number++)
            {
                await Task.Delay(pauses.Pause(number), time, stop).ConfigureAwait(false);
                isBack = await probe(stop).ConfigureAwait(false);
            }

            Volatile.Write(ref _isOpen, 0);
            closed(isBack);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
    }
}
