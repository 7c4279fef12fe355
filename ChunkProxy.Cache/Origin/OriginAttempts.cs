namespace ChunkProxy.Cache.Origin;

/// <summary>Counts the requests for the same bytes, and waits before the next one.</summary>
/// <param name="options">The limits.</param>
/// <param name="time">The clock.</param>
/// <param name="breaker">Ends the attempts while the origin is down; null for requests that do not depend on it.</param>
internal sealed class OriginAttempts(OriginOptions options, TimeProvider time, OriginBreaker? breaker = null)
{
    private int _used;
    private int _transient; // of _used: ended with a transient failure
    private int _pauses;

    /// <summary>
    /// Whether another request is allowed. Of two requests that ended with a transient failure only one counts: such a response comes at once and
    /// shows that the origin is alive. In an outage that lasts, each counts.
    /// </summary>
    public bool AreLeft => _used - (_transient / 2) < options.Attempts && breaker is not { IsOpen: true };

    /// <summary>Counts a request that was sent, or that failed for lack of a connection.</summary>
    public void Count() => _used++;

    /// <summary>Records that a counted request ended with a failure that often passes with the next request.</summary>
    public void NoteTransient() => _transient++;

    /// <summary>Resets the count after bytes have arrived. The request that brought them counts as the first attempt.</summary>
    public void NoteProgress()
    {
        _used = 1;
        _transient = 0;
        _pauses = 0;
    }

    /// <summary>Waits before the next attempt: the back-off, or a longer Retry-After up to <see cref="OriginOptions.RetryAfterLimit"/>.</summary>
    public Task PauseAsync(TimeSpan? retryAfter, CancellationToken cancellationToken)
    {
        var pause = options.BackoffBefore(++_pauses + 1);
        if (retryAfter is { } wish)
        {
            var wished = wish < options.RetryAfterLimit ? wish : options.RetryAfterLimit;
            pause = wished > pause ? wished : pause;
        }

        return Task.Delay(pause, time, cancellationToken);
    }
}
