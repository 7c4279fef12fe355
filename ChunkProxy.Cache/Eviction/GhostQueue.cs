namespace ChunkProxy.Cache.Eviction;

/// <summary>The keys evicted last, up to a total size of their entries. Guarded by the policy's lock.</summary>
/// <remarks>
/// A key that returns leaves the index at once, and the queue when it is oldest. Its number tells it from later entries of the key.
/// </remarks>
internal sealed class GhostQueue<TKey>(long capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (long Number, long Size)> _index = [];
    private readonly Queue<(TKey Key, long Size, long Number)> _queue = new();
    private long _queuedBytes;
    private long _next;

    /// <summary>Total size of the remembered entries, in bytes.</summary>
    public long Bytes { get; private set; }

    public void Add(TKey key, long size)
    {
        Remove(key);
        _index.Add(key, (_next, size));
        _queue.Enqueue((key, size, _next++));
        _queuedBytes += size;
        Bytes += size;
        while (_queuedBytes > capacity)
        {
            var oldest = _queue.Dequeue();
            _queuedBytes -= oldest.Size;
            if (_index.TryGetValue(oldest.Key, out var known) && known.Number == oldest.Number)
            {
                Remove(oldest.Key);
            }
        }
    }

    /// <summary>Removes the key. Returns false if it was not there.</summary>
    public bool Remove(TKey key)
    {
        if (!_index.Remove(key, out var known))
        {
            return false;
        }

        Bytes -= known.Size;
        return true;
    }
}
