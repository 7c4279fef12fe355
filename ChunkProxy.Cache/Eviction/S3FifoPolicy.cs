using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Eviction;

/// <summary><see cref="S3Fifo{TNode,TNodes}"/> for entries that are objects, for any thread.</summary>
/// <remarks>Hits close together can count once, for readers with small ranges: a film read in sixteen ranges per chunk is still watched once.</remarks>
/// <param name="capacity">Bytes that the queues' shares are fractions of.</param>
/// <param name="together">Hits on an entry count once while fewer than this many bytes were added in between; 0: every hit counts.</param>
internal sealed class S3FifoPolicy<TKey>(long capacity, long together = 0) : IEvictionPolicy<TKey>
    where TKey : notnull
{
    /// <summary>Clock ticks per added byte; a byte of an uncounted hit is one tick. So popularity is noticed even when nothing is added.</summary>
    private const int ClockOfAdd = 4;

    private readonly Lock _gate = new();
    private readonly S3Fifo<EvictionEntry<TKey>?, EvictionEntries<TKey>> _queues = new(default, capacity);
    private long _clock;

    public long Capacity => capacity;

    public long UsedBytes
    {
        get
        {
            lock (_gate)
            {
                return _queues.UsedBytes;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _queues.Count;
            }
        }
    }

    public void Touch(EvictionEntry<TKey> entry)
    {
        // The conditions save the hottest entries a write to a cache line that all cores read.
        if (entry.Hits < S3Fifo<EvictionEntry<TKey>?, EvictionEntries<TKey>>.Proof)
        {
            var now = Volatile.Read(ref _clock);
            if (now - entry.LastHit >= ClockOfAdd * together)
            {
                entry.LastHit = now;
                entry.Hits++;
            }
            else
            {
                Interlocked.Add(ref _clock, entry.Size);
            }
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
            entry.LastHit = Interlocked.Add(ref _clock, ClockOfAdd * entry.Size);
            _queues.Add(entry);
        }
    }

    public bool Remove(EvictionEntry<TKey> entry)
    {
        lock (_gate)
        {
            return _queues.Remove(entry);
        }
    }

    public bool TryEvict([NotNullWhen(true)] out EvictionEntry<TKey>? victim)
    {
        lock (_gate)
        {
            return _queues.TryEvict(out victim);
        }
    }
}
