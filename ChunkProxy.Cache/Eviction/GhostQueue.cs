namespace ChunkProxy.Cache.Eviction;

/// <summary>The keys that left last, as many as a number of bytes of entries had. The policy's lock guards it.</summary>
/// <remarks>A key that comes back is struck from the index at once and from the queue when its turn comes, known by the number it was given.</remarks>
internal sealed class GhostQueue<TKey>(long capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (long Number, long Size)> _index = [];
    private readonly Queue<(TKey Key, long Size, long Number)> _queue = new();
    private long _queuedBytes;
    private long _next;

    /// <summary>Bytes that the remembered entries had.</summary>
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

    /// <summary>Whether the key was there; it is not any more.</summary>
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
