using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>The reference policies, single-threaded: evicts the oldest entry. A hit renews an entry (LRU) or does not (FIFO).</summary>
internal sealed class QueuePolicy(long capacity, bool hitsRenew) : IEvictionPolicy<ulong>
{
    private readonly EvictionQueue<EvictionEntry<ulong>?, EvictionEntries<ulong>> _queue = new(default, EvictionPlace.Main);

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
        if (entry.Place is EvictionPlace.None)
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
