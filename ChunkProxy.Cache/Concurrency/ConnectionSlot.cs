namespace ChunkProxy.Cache.Concurrency;

/// <summary>One open connection. A connection feature, which its requests inherit.</summary>
/// <param name="end">Ends the connection after its current response, if there is one.</param>
internal sealed class ConnectionSlot(Action end)
{
    private int _requests;
    private int _wasUsed = 1; // a new connection is about to send a request

    /// <summary>The slot's place in <see cref="ConnectionSlots"/>, under its lock; null after the connection was asked to end.</summary>
    public LinkedListNode<ConnectionSlot>? Node { get; set; }

    /// <summary>Whether a counted request is in progress.</summary>
    public bool IsBusy => Volatile.Read(ref _requests) > 0;

    /// <summary>Records that a request began. Returns this slot, whose <see cref="End"/> must follow.</summary>
    public ConnectionSlot Begin()
    {
        Interlocked.Increment(ref _requests);
        return this;
    }

    /// <summary>Records that a request ended.</summary>
    public void End()
    {
        Volatile.Write(ref _wasUsed, 1);
        Interlocked.Decrement(ref _requests);
    }

    /// <summary>Returns whether the connection is in use, or was since the previous call.</summary>
    public bool TakeUsed() => Interlocked.Exchange(ref _wasUsed, 0) == 1 | IsBusy;

    public void Close() => end();
}
