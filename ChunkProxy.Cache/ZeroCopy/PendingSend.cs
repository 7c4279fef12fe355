namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>The send of one response, as far as it waits for its client.</summary>
/// <remarks>
/// Race of a recall with the end of the wait: both take the lock. If the wait ends first, the recall does nothing. If the recall is first, the
/// source is given back before the lock is free, and the end of the wait reports it, so the sender does not touch the bytes again.
/// </remarks>
internal sealed class PendingSend(PendingSends all, ISendSource source)
{
    private readonly Lock _gate = new();
    private bool _isWaiting;
    private bool _isRecalled;

    public ISendSource Source => source;

    /// <summary>The place in the list, reused by all waits of the response. Guarded by the lock of the list.</summary>
    public LinkedListNode<PendingSend>? Node { get; set; }

    /// <summary>When the send was listed, and what it held then. Guarded by the lock of the list.</summary>
    public (long At, long Bytes, HeldConnection Connection) Listed { get; set; }

    /// <summary>From now on no byte of the source is in use, until <see cref="WaitEnds"/>.</summary>
    public void WaitBegins()
    {
        lock (_gate)
        {
            _isWaiting = true;
        }

        all.List(this);
    }

    /// <summary>Returns whether the source was given back: its bytes must be opened again.</summary>
    public bool WaitEnds()
    {
        lock (_gate)
        {
            var wasRecalled = _isRecalled;
            _isWaiting = _isRecalled = false;
            return wasRecalled;
        }
    }

    /// <summary>The client has taken everything.</summary>
    public void End() => all.Delist(this);

    public void Recall()
    {
        lock (_gate)
        {
            if (_isWaiting && !_isRecalled)
            {
                _isRecalled = true;
                source.GiveBack();
            }
        }
    }
}
