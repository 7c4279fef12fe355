using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Eviction;

/// <summary>S3-FIFO, adapting: newcomers prove themselves in a small queue, what is read again there moves to the main queue, the rest leaves soon.</summary>
/// <remarks>
/// After Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023: a scan passes through the small queue and leaves the main one
/// alone; a key that comes back while its ghost is remembered goes to the main queue directly. What is different here, each for a reason that
/// docs/performance-log.md gives in figures:
/// <list type="bullet">
/// <item>While there is room, what falls out of the small queue fills the main one, and nobody is evicted: a loop longer than the cache keeps its first part.</item>
/// <item>The small queue's share adapts, as in ARC: ghosts of the small queue that come back say that it is too short, those of the main one that it is too long.</item>
/// <item>An entry of the main queue gets one more round for its hits however many they were, so that what was loved once goes when it is not any more.</item>
/// <item>Hits close together can count once, where readers come in small ranges: a film read in sixteen ranges a chunk is still watched once.</item>
/// </list>
/// </remarks>
/// <param name="capacity">Bytes of which the queues' shares are parts.</param>
/// <param name="together">Hits on an entry count once while less than so many bytes came in between; 0: each counts.</param>
internal sealed class S3FifoPolicy<TKey>(long capacity, long together = 0) : IEvictionPolicy<TKey>
    where TKey : notnull
{
    /// <summary>Hits that take a newcomer to the main queue. One lets too much through that is read twice and never again.</summary>
    private const int Proof = 2;

    private const double FirstShare = 0.1;
    private const double LeastShare = 0.01;
    private const double MostShare = 0.9;
    private const double MainGhosts = 0.1;

    /// <summary>How far the share moves for each byte of a ghost that comes back.</summary>
    private const double Step = 0.5;

    /// <summary>A byte that comes in moves the clock by so much, a byte of a hit that is not counted by one: love is noticed also where nothing comes in.</summary>
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
        // The tests spare the hottest entries a write to a cache line that all cores read.
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

            // Entries in use go round. Their sightings are counted, so that a cache all in use ends the search; two for each of the main
            // queue, since an idle entry with hits there leaves at its second turn only.
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

    /// <summary>Moves the share by the size of what came back, more if the other queue's ghosts outweigh this one's: each return says more then.</summary>
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
