namespace ChunkProxy.Cache.Concurrency;

/// <summary>Cancels work when a time limit ends, by an injected clock, or when the caller cancels.</summary>
/// <remarks>
/// The caller's own token tells the two apart: <c>catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)</c>
/// is the end of the limit.
/// </remarks>
internal sealed class TimeLimit : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _caller;

    public TimeLimit(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _end = new CancellationTokenSource(limit, time);
        _caller = cancellationToken.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
    }

    /// <summary>The token to pass to the work.</summary>
    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _caller.Dispose(); // waits for a cancellation by the caller that is under way: it may still use the source
        _end.Dispose();
    }
}
