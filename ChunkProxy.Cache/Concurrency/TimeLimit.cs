namespace ChunkProxy.Cache.Concurrency;

/// <summary>Cancels work when its time is up by an injected clock, or when its caller gives it up.</summary>
/// <remarks>
/// Which of the two it was, the caller's own token tells: <c>catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)</c>
/// is the end of the time.
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

    /// <summary>For the work.</summary>
    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        _caller.Dispose(); // waits for the caller's cancellation, if that is under way: it may still use the source
        _end.Dispose();
    }
}
