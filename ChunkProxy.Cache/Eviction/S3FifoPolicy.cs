using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Eviction;

/// <summary>S3-FIFO: newcomers prove themselves in a small queue; what is read again there moves to the main queue, the rest leaves soon.</summary>
/// <remarks>
/// Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023. A scan passes through the small queue and leaves the main
/// one alone. A key that comes back while its ghost is remembered goes to the main queue directly.
/// </remarks>
internal sealed class S3FifoPolicy<TKey>(long capacity) : IEvictionPolicy<TKey>
    where TKey : notnull
{
    private const int MaxHits = 3;

    private readonly Lock _gate = new();
    private readonly long _smallShare = capacity / 10;
    private readonly EvictionQueue<TKey> _small = new();
    private readonly EvictionQueue<TKey> _main = new();
    private readonly GhostQueue<TKey> _ghosts = new(capacity - (capacity / 10));

    public long Capacity => capacity;

    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return _small.Bytes + _main.Bytes;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _small.Count + _main.Count;
            }
        }
    }

    public void Touch(EvictionEntry<TKey> entry)
    {
        if (entry.Hits < MaxHits)
        {
            entry.Hits++; // the test spares the hottest entries a write to a shared cache line
        }
    }

    public void Add(EvictionEntry<TKey> entry)
    {
        lock (_gate)
        {
            if (entry.IsSpent)
            {
                throw new InvalidOperationException("An entry can be added to a policy once.");
            }

            entry.IsSpent = true;
            (_ghosts.Remove(entry.Key) ? _main : _small).Push(entry);
        }
    }

    public bool Remove(EvictionEntry<TKey> entry)
    {
        lock (_gate)
        {
            if (entry.Queue is not { } queue || (queue != _small && queue != _main))
            {
                return false;
            }

            queue.Take(entry);
            return true;
        }
    }

    public bool TryEvict([NotNullWhen(true)] out EvictionEntry<TKey>? victim)
    {
        lock (_gate)
        {
            // Entries in use go round like entries with hits. After this many of them everything was looked at.
            var inUseLeft = _small.Count + _main.Count;
            while (inUseLeft > 0)
            {
                var fromSmall = _small.Count > 0 && (_small.Bytes > _smallShare || _main.Count == 0);
                var queue = fromSmall ? _small : _main;
                var entry = queue.Oldest!;
                queue.Take(entry);
                if (entry.IsInUse)
                {
                    inUseLeft--;
                    _main.Push(entry);
                }
                else if (fromSmall ? entry.Hits > 1 : entry.Hits > 0)
                {
                    entry.Hits = fromSmall ? 0 : entry.Hits - 1;
                    _main.Push(entry);
                }
                else
                {
                    if (fromSmall)
                    {
                        _ghosts.Add(entry.Key, entry.Size);
                    }

                    victim = entry;
                    return true;
                }
            }
        }

        victim = null;
        return false;
    }
}
