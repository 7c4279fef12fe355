namespace ChunkProxy.Cache.Concurrency;

/// <summary>Bounds the open connections of a server. At the limit, a connection that waits for its next request ends for a new one.</summary>
/// <remarks>
/// Which connections are idle is known only while more than half of the slots are in use: below that, requests are not counted, and cost nothing. A
/// connection whose request began before counts as idle. It ends when the response is complete.
/// </remarks>
/// <param name="limit">Most connections. A few more are open for a moment, while others end.</param>
internal sealed class ConnectionSlots(int limit)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<ConnectionSlot> _slots = []; // under _gate; those used longest ago are mostly in front
    private readonly int _slack = Math.Max(4, limit / 32); // connections that were asked to end, and have not yet
    private int _count; // written under _gate
    private long _refused; // written under _gate
    private long _ended; // written under _gate

    /// <summary>Most connections.</summary>
    public int Limit => limit;

    /// <summary>Open connections.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Connections that were refused.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Idle connections that ended for a new one.</summary>
    public long Ended => Volatile.Read(ref _ended);

    /// <summary>Whether requests are to be counted, with <see cref="ConnectionSlot.Begin"/> and <see cref="ConnectionSlot.End"/>.</summary>
    public bool IsCrowded => Volatile.Read(ref _count) > limit / 2;

    /// <summary>Takes a slot for a new connection; null if it must be refused.</summary>
    /// <param name="end">Ends the connection after its current response, if there is one.</param>
    public ConnectionSlot? TryEnter(Action end)
    {
        ConnectionSlot? idle = null;
        ConnectionSlot? entered = null;
        lock (_gate)
        {
            if (_count >= limit)
            {
                idle = TakeIdle();
                if (idle is not null)
                {
                    _ended++;
                }
            }

            if (_count < limit || (idle is not null && _count < limit + _slack))
            {
                entered = new ConnectionSlot(end);
                entered.Node = _slots.AddLast(entered);
                Volatile.Write(ref _count, _count + 1);
            }
            else
            {
                _refused++;
            }
        }

        idle?.Close();
        return entered;
    }

    /// <summary>Gives the slot back when the connection has ended.</summary>
    public void Leave(ConnectionSlot slot)
    {
        lock (_gate)
        {
            if (slot.Node is { } node)
            {
                _slots.Remove(node);
            }

            Volatile.Write(ref _count, _count - 1);
        }
    }

    // Under the lock. The clock algorithm: a connection that was used since it was last looked at goes to the back.
    private ConnectionSlot? TakeIdle()
    {
        for (var left = _slots.Count; left > 0; left--)
        {
            var node = _slots.First!;
            _slots.Remove(node);
            if (!node.Value.TakeUsed())
            {
                node.Value.Node = null;
                return node.Value;
            }

            _slots.AddLast(node);
        }

        // All were used since the last look. Of those that wait for a request, the first in line ends.
        for (var node = _slots.First; node is not null; node = node.Next)
        {
            if (!node.Value.IsBusy)
            {
                _slots.Remove(node);
                node.Value.Node = null;
                return node.Value;
            }
        }

        return null;
    }
}
