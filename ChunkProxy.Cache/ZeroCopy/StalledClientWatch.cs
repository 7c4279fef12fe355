namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Aborts the connection of a client that keeps one write pending for longer than the configured time.</summary>
/// <remarks>One timer per response, created when a write does not complete at once. It checks when the pending write began.</remarks>
internal sealed class StalledClientWatch(HttpContext context, TimeProvider time, TimeSpan timeout) : IDisposable
{
    private const int LooksPerTimeout = 4;
    private const long NoWrite = -1;

    // Held during the abort and at the end of the watch. The server reuses the context for the connection's next request,
    // so a check that is in progress when the response ends must not abort it afterwards.
    private readonly Lock _ending = new();

    private ITimer? _timer;
    private bool _ended;
    private long _pendingSince = NoWrite;
    private volatile bool _hasStalled;

    public bool HasStalled => _hasStalled;

    public void WriteBegins()
    {
        Volatile.Write(ref _pendingSince, time.GetTimestamp());
        _timer ??= time.CreateTimer(static watch => ((StalledClientWatch)watch!).Check(), this, timeout / LooksPerTimeout, timeout / LooksPerTimeout);
    }

    public void WriteEnds() => Volatile.Write(ref _pendingSince, NoWrite);

    public void Dispose()
    {
        lock (_ending)
        {
            _ended = true;
        }

        _timer?.Dispose();
    }

    // A write that completes between the two reads below has reached its time limit, so it counts as stalled.
    private void Check()
    {
        var since = Volatile.Read(ref _pendingSince);
        if (since == NoWrite || time.GetElapsedTime(since) < timeout)
        {
            return;
        }

        lock (_ending)
        {
            if (!_ended && !_hasStalled)
            {
                _hasStalled = true;
                context.Abort();
            }
        }
    }
}
