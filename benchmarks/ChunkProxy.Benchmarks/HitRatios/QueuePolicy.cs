using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>The two yardsticks, for one thread: the oldest leaves, and a hit makes an entry young again (LRU) or does not (FIFO).</summary>
internal sealed class QueuePolicy(long capacity, bool hitsRenew) : IEvictionPolicy<ulong>
{
    private readonly EvictionQueue<ulong> _queue = new();

    public long Capacity => capacity;

    public long UsedBytes => _queue.Bytes;

    public int Count => _queue.Count;

    public void Touch(EvictionEntry<ulong> entry)
    {
        if (hitsRenew)
        {
            _queue.Take(entry);
            _queue.Push(entry);
        }
    }

    public void Add(EvictionEntry<ulong> entry) => _queue.Push(entry);

    public bool Remove(EvictionEntry<ulong> entry)
    {
        if (entry.Queue is null)
        {
            return false;
        }

        _queue.Take(entry);
        return true;
    }

    public bool TryEvict([NotNullWhen(true)] out EvictionEntry<ulong>? victim)
    {
        victim = _queue.Oldest;
        if (victim is null)
        {
            return false;
        }

        _queue.Take(victim);
        return true;
    }
}
