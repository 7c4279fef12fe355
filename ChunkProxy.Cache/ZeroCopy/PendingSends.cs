namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>The sends of a process that wait for their clients. Bounds what they hold together, so that slow clients cost others nothing.</summary>
/// <remarks>
/// Beyond the share of memory, the sends that have waited for the longest time give their chunks back; they open them again when their clients read
/// on. A send that holds a connection to the origin or to a peer gives it back after <see cref="Patience"/>. A send that completes at
/// once is not listed and costs nothing.
/// </remarks>
/// <param name="share">Bytes that waiting sends may keep from being evicted.</param>
/// <param name="time">Measures the patience.</param>
internal sealed class PendingSends(long share, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly LinkedList<PendingSend> _waiting = []; // in the order of their first wait
    private long _held;
    private int _connections;
    private ITimer? _timer;
    private bool _isTicking;
    private long _recalls;

    /// <summary>Longest time that a waiting send keeps a connection to the origin or to a peer.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes held by waiting sends. A chunk counts once for each of its readers.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>Sends that gave back what they held.</summary>
    public long Recalls => Interlocked.Read(ref _recalls);

    /// <summary>Lists a send that waits, unless it is listed.</summary>
    public void List(PendingSend send)
    {
        lock (_gate)
        {
            var node = send.Node ??= new LinkedListNode<PendingSend>(send);
            if (node.List is not null)
            {
                return;
            }

            var source = send.Source;
            send.Listed = (time.GetTimestamp(), source.HeldBytes, source.HoldsConnection);
            _waiting.AddLast(node);
            Interlocked.Add(ref _held, send.Listed.Bytes);
            _connections += send.Listed.HoldsConnection ? 1 : 0;
            Tick();
        }

        while (HeldBytes > share && TryTakeOldest() is { } oldest)
        {
            Recall(oldest);
        }
    }

    public void Unlist(PendingSend send)
    {
        lock (_gate)
        {
            Remove(send);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _timer?.Dispose();
        }
    }

    private PendingSend? TryTakeOldest()
    {
        lock (_gate)
        {
            var oldest = _waiting.First?.Value;
            if (oldest is not null)
            {
                Remove(oldest);
            }

            return oldest;
        }
    }

    // Outside the lock: giving back takes the locks of fills. A send that is not waiting at this moment is listed again when it waits next.
    private void Recall(PendingSend send)
    {
        Interlocked.Increment(ref _recalls);
        send.Recall();
    }

    // Under the lock.
    private void Remove(PendingSend send)
    {
        if (send.Node is { List: not null } node)
        {
            _waiting.Remove(node);
            Interlocked.Add(ref _held, -send.Listed.Bytes);
            _connections -= send.Listed.HoldsConnection ? 1 : 0;
        }
    }

    // Under the lock. The timer runs only while a connection is held.
    private void Tick()
    {
        if (_connections > 0 != _isTicking)
        {
            _isTicking = !_isTicking;
            _timer ??= time.CreateTimer(static sends => ((PendingSends)sends!).RecallConnections(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(_isTicking ? Patience : Timeout.InfiniteTimeSpan, _isTicking ? Patience : Timeout.InfiniteTimeSpan);
        }
    }

    private void RecallConnections()
    {
        List<PendingSend> overdue;
        lock (_gate)
        {
            overdue = [.. _waiting.Where(send => send.Listed.HoldsConnection && time.GetElapsedTime(send.Listed.At) >= Patience)];
            overdue.ForEach(Remove);
            Tick();
        }

        overdue.ForEach(Recall);
    }
}
