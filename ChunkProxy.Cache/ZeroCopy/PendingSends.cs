namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>The sends of a process that wait for their clients. Bounds what they hold together, so that slow clients cost others nothing.</summary>
/// <remarks>
/// Beyond the share of memory, the sends that have waited for the longest time give their chunks back; they open them again when their clients read
/// on. A send that holds a connection gives it back after <see cref="PatienceFor"/>, and earlier if too many hold one to the origin. A send that
/// completes at once is not listed and costs nothing.
/// </remarks>
/// <param name="share">Bytes that waiting sends may keep from being evicted.</param>
/// <param name="mostOfOrigin">Connections to the origin that waiting sends may hold.</param>
/// <param name="time">Measures the waits.</param>
internal sealed class PendingSends(long share, int mostOfOrigin, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<PendingSend> _waiting = []; // in the order of their first wait
    private long _held;
    private int _connections;
    private int _ofOrigin;
    private ITimer? _timer;
    private bool _isTicking;
    private long _recalls;

    /// <summary>Bytes held by waiting sends. A chunk counts once for each of its readers.</summary>
    public long HeldBytes => Interlocked.Read(ref _held);

    /// <summary>Sends that gave back what they held.</summary>
    public long Recalls => Interlocked.Read(ref _recalls);

    /// <summary>
    /// Longest time that a waiting send keeps its connection. To a peer it is long: viewers that are slower than the network wait all the time, and
    /// each new connection costs the peer.
    /// </summary>
    public static TimeSpan PatienceFor(HeldConnection connection) => TimeSpan.FromSeconds(connection is HeldConnection.Origin ? 1 : 10);

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
            send.Listed = (time.GetTimestamp(), source.HeldBytes, source.Connection);
            _waiting.AddLast(node);
            Interlocked.Add(ref _held, send.Listed.Bytes);
            Count(send, 1);
            Tick();
        }

        while (TryTakeOneTooMany() is { } oldest)
        {
            Recall(oldest);
        }
    }

    public void Delist(PendingSend send)
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

    private PendingSend? TryTakeOneTooMany()
    {
        lock (_gate)
        {
            var oldest = _held > share ? _waiting.First?.Value
                : _ofOrigin > mostOfOrigin ? _waiting.First(send => send.Listed.Connection is HeldConnection.Origin)
                : null;
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
            Count(send, -1);
        }
    }

    // Under the lock.
    private void Count(PendingSend send, int change)
    {
        _connections += send.Listed.Connection is HeldConnection.None ? 0 : change;
        _ofOrigin += send.Listed.Connection is HeldConnection.Origin ? change : 0;
    }

    private bool IsOverdue(PendingSend send) =>
        send.Listed.Connection is not HeldConnection.None && time.GetElapsedTime(send.Listed.At) >= PatienceFor(send.Listed.Connection);

    // Under the lock. The timer runs only while a connection is held.
    private void Tick()
    {
        if (_connections > 0 != _isTicking)
        {
            _isTicking = !_isTicking;
            _timer ??= time.CreateTimer(static sends => ((PendingSends)sends!).RecallConnections(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(_isTicking ? Period : Timeout.InfiniteTimeSpan, _isTicking ? Period : Timeout.InfiniteTimeSpan);
        }
    }

    private void RecallConnections()
    {
        List<PendingSend> overdue;
        lock (_gate)
        {
            overdue = [.. _waiting.Where(IsOverdue)];
            overdue.ForEach(Remove);
            Tick();
        }

        overdue.ForEach(Recall);
    }
}
