namespace ChunkProxy.Cache.Origin;

/// <summary>How often the origin has been asked for the same bytes, and how long to wait before it is asked again.</summary>
internal sealed class OriginAttempts(OriginOptions options, TimeProvider time)
{
    private int _used;
    private int _pauses;

    /// <summary>The origin may be asked again.</summary>
    public bool AreLeft => _used < options.Attempts;

    /// <summary>A request was sent, or could not be sent because there was no connection.</summary>
    public void Count() => _used++;

    /// <summary>Bytes came: the attempts are counted anew, the request that brought them included.</summary>
    public void NoteProgress()
    {
        _used = 1;
        _pauses = 0;
    }

    /// <summary>Waits before the next attempt: at least the back-off, and as long as the origin wishes, within <see cref="OriginOptions.RetryAfterLimit"/>.</summary>
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
