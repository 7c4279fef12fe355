namespace ChunkProxy.Cache.Origin;

/// <summary>Counts the requests for the same bytes, and waits before the next one.</summary>
internal sealed class OriginAttempts(OriginOptions options, TimeProvider time)
{
    private int _used;
    private int _pauses;

    /// <summary>Whether another request is allowed.</summary>
    public bool AreLeft => _used < options.Attempts;

    /// <summary>Counts a request that was sent, or that failed for lack of a connection.</summary>
    public void Count() => _used++;

    /// <summary>Resets the count after bytes have arrived. The request that brought them counts as the first attempt.</summary>
    public void NoteProgress()
    {
        _used = 1;
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
