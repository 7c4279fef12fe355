using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Eviction;

/// <summary>
/// S3-FIFO with adaptive shares: new entries start in a small queue. Those hit again move to the main queue, the others leave soon.
/// </summary>
/// <remarks>
/// After Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023: a scan passes through the small queue and does not affect
/// the main queue; a key that returns while its ghost is remembered goes directly to the main queue. The differences, with figures in
/// docs/performance-log.md:
/// <list type="bullet">
/// <item>While there is room, the small queue spills into the main queue, and
/// nothing is evicted: a loop longer than the cache keeps its first part.</item>
/// <item>The small queue's share adapts, as in ARC: returning ghosts of the small queue mean that it is too short, of the main queue too long.</item>
/// <item>An entry of the main queue gets one more round for its hits, however many, so it leaves once it is no longer popular.</item>
/// <item>Hits close together can count once, for readers with small ranges: a film read in sixteen ranges per chunk is still watched once.</item>
/// </list>
/// </remarks>
/// <param name="capacity">Bytes that the queues' shares are fractions of.</param>
/// <param name="together">Hits on an entry count once while fewer than this many bytes were added in between; 0: every hit counts.</param>
internal sealed class S3FifoPolicy<TKey>(long capacity, long together = 0) : IEvictionPolicy<TKey>
    where TKey : notnull
{
    /// <summary>Hits that move a new entry to the main queue. One hit would admit too much that is read twice and never again.</summary>
    private const int Proof = 2;

    private const double FirstShare = 0.1;
    private const double LeastShare = 0.01;
    private const double MostShare = 0.9;
    private const double MainGhosts = 0.1;

    /// <summary>How far the share moves for each byte of a ghost that returns.</summary>
    private const double Step = 0.5;

    /// <summary>Clock ticks per added byte; a byte of an uncounted hit is one tick. So popularity is noticed even when nothing is added.</summary>
    private const int ClockOfAdd = 4;

    private readonly Lock _gate = new();
    private readonly EvictionQueue<TKey> _small = new();
    private readonly EvictionQueue<TKey> _main = new();
    private readonly GhostQueue<TKey> _smallGhosts = new((long)(capacity * (1 - FirstShare)));
    private readonly GhostQueue<TKey> _mainGhosts = new((long)(capacity * MainGhosts));
    private double _share = capacity * FirstShare; // bytes
    private bool _filling = true;
    private long _clock;

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
        // The conditions save the hottest entries a write to a cache line that all cores read.
        if (entry.Hits < Proof)
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
            if (_smallGhosts.Remove(entry.Key))
            {
                Adapt(entry.Size, _mainGhosts.Bytes, _smallGhosts.Bytes);
                _main.Push(entry);
            }
            else if (_mainGhosts.Remove(entry.Key))
            {
                Adapt(-entry.Size, _smallGhosts.Bytes, _mainGhosts.Bytes);
                _main.Push(entry);
            }
            else
            {
                _small.Push(entry);
                FillMain();
            }
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
            _filling |= _small.Bytes + _main.Bytes < capacity / 2; // after a purge
            return true;
        }
    }

    public bool TryEvict([NotNullWhen(true)] out EvictionEntry<TKey>? victim)
    {
        lock (_gate)
        {
            _filling = false;

            // Entries in use go back into their queue. The counts of visits end the search when all entries are in use. The main queue gets two
            // visits per entry, because an idle entry with hits leaves it only at the second visit.
            var smallLeft = _small.Count;
            var mainLeft = 2 * _main.Count;
            while (smallLeft > 0 || mainLeft > 0)
            {
                var fromSmall = smallLeft > 0 && (_small.Bytes > _share || mainLeft <= 0);
                var queue = fromSmall ? _small : _main;
                var entry = queue.Oldest!;
                queue.Take(entry);
                if (entry.IsInUse)
                {
                    _ = fromSmall ? smallLeft-- : mainLeft--;
                    queue.Push(entry);
                }
                else if (entry.Hits >= (fromSmall ? Proof : 1))
                {
                    if (fromSmall)
                    {
                        smallLeft--;
                        mainLeft += 2;
                    }

                    entry.Hits = 0;
                    _main.Push(entry);
                }
                else
                {
                    (fromSmall ? _smallGhosts : _mainGhosts).Add(entry.Key, entry.Size);
                    victim = entry;
                    return true;
                }
            }
        }

        victim = null;
        return false;
    }

    /// <summary>
    /// Moves the share by the size of the returned entry, and by more if the other queue's ghosts outweigh this one's: a return then says more.
    /// </summary>
    private void Adapt(long size, long otherGhosts, long theseGhosts) =>
        _share = Math.Clamp(
            _share + (Step * size * Math.Max(1, (double)otherGhosts / Math.Max(1, theseGhosts))), capacity * LeastShare, capacity * MostShare);

    private void FillMain()
    {
        while (_filling && _small.Bytes > _share && _main.Bytes + _small.Oldest!.Size <= capacity - _share)
        {
            var oldest = _small.Oldest;
            _small.Take(oldest);
            _main.Push(oldest);
        }
    }
}
