namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Looks at the write queue again when a disk's pause is over, because no fill may come that would. Guarded by the lock of the queue.</summary>
/// <remarks>A timer exists only while chunks wait and none is being written: the end of a write looks at the queue, too.</remarks>
internal sealed class WriteRetry(DiskBreaker breaker, TimeProvider time)
{
    private ITimer? _timer;

    /// <summary>Shortest pause: an unexpected error of the writing thread must not come again at once.</summary>
    public static TimeSpan ShortestPause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause, and the one without a fault: memory took back what was queued while the thread had other work.</summary>
    public static TimeSpan LongestPause { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Plans one call unless one is planned. Call <see cref="Cancel"/> when it comes.</summary>
    public void Plan(Action retry)
    {
        if (_timer is not null)
        {
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static it => ((Action)it!)(), retry, Pause(), Timeout.InfiniteTimeSpan); // belongs to no fill
        }
    }

    /// <summary>Ends the timer. A call that has begun still comes.</summary>
    public void Cancel()
    {
        _timer?.Dispose();
        _timer = null;
    }

    // Timers count whole milliseconds, so one more: a call before the end of the pause would be in vain. A clock that was set back may make the pause long.
    private TimeSpan Pause()
    {
        var pause = breaker.Current is { } outage ? outage.NextTry - time.GetUtcNow() + TimeSpan.FromMilliseconds(1) : LongestPause;
        return TimeSpan.FromTicks(Math.Clamp(pause.Ticks, ShortestPause.Ticks, LongestPause.Ticks));
    }
}
