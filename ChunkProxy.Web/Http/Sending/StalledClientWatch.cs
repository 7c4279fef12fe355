namespace ChunkProxy.Web.Http.Sending;

/// <summary>Aborts the connection of a client that leaves one write pending for longer than the configured time.</summary>
/// <remarks>One timer for a response, made when the first write does not complete at once, that looks at the time the pending write began.</remarks>
internal sealed class StalledClientWatch(HttpContext context, TimeProvider time, TimeSpan timeout) : IDisposable
{
    private const int LooksPerTimeout = 4;
    private const long NoWrite = -1;

    // Held while the connection is aborted and while the watch ends: the server uses a context again for the connection's next
    // request, so a look that is under way when the response ends must not abort afterwards.
    private readonly Lock _ending = new();

    private ITimer? _timer;
    private bool _ended;
    private long _pendingSince = NoWrite;
    private volatile bool _hasStalled;

    public bool HasStalled => _hasStalled;

    public void WriteBegins()
    {
        Volatile.Write(ref _pendingSince, time.GetTimestamp());
        _timer ??= time.CreateTimer(static watch => ((StalledClientWatch)watch!).Look(), this, timeout / LooksPerTimeout, timeout / LooksPerTimeout);
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

    // A write that ends between the two reads below, at the very end of its time, is still taken for stalled: it was.
    private void Look()
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
