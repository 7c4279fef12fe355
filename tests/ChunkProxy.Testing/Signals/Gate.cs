namespace ChunkProxy.Testing.Signals;

/// <summary>Blocks callers until the test opens it.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open() => _opened.TrySetResult();

    /// <summary>Completes when a caller has reached the gate, or has passed it.</summary>
    public Task WhenReachedAsync(CancellationToken cancellationToken) => _reached.Task.WaitAsync(Patience.Limit, cancellationToken);

    public Task PassAsync(CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}
