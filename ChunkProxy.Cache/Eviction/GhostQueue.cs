namespace ChunkProxy.Cache.Eviction;

/// <summary>The keys that left last, as many as a number of bytes of entries had. The policy's lock guards it.</summary>
/// <remarks>A key that comes back is struck from the set at once and from the queue when its turn comes, known by the number it was given.</remarks>
internal sealed class GhostQueue<TKey>(long capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, long> _numbers = [];
    private readonly Queue<(TKey Key, long Size, long Number)> _queue = new();
    private long _bytes;
    private long _next;

    public int Count => _numbers.Count;

    public void Add(TKey key, long size)
    {
        _numbers[key] = _next;
        _queue.Enqueue((key, size, _next++));
        _bytes += size;
        while (_bytes > capacity)
        {
            var oldest = _queue.Dequeue();
            _bytes -= oldest.Size;
            if (_numbers.TryGetValue(oldest.Key, out var number) && number == oldest.Number)
            {
                _numbers.Remove(oldest.Key);
            }
        }
    }

    /// <summary>Whether the key was there; it is not any more.</summary>
    public bool Remove(TKey key) => _numbers.Remove(key);
}
