using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Popularity;

/// <summary>Decides which chunks of other members are so hot that this process keeps a copy, and when a copy leaves again.</summary>
internal sealed class NearCopies(
    ClusterView cluster,
    MemoryTier memory,
    IOptions<NearCopyOptions> options,
    IOptions<CacheOptions> cache,
    TimeProvider time,
    SuperHotTier? superHot = null)
{
    private readonly PopularitySketch _sketch = new(options.Value.HalfLife, time);
    private readonly int _threshold = options.Value.Threshold;
    private readonly long _budget = (long)(cache.Value.MemoryBudget * (cluster.Self is null ? 1 : options.Value.Share));
    private readonly PopularitySketch _atOwners = new(options.Value.HalfLife, time);
    private readonly Lock _lock = new();
    private readonly HashSet<ChunkKey> _keys = [];
    private readonly Queue<(ChunkKey Key, int Bytes)> _kept = new(); // oldest first
    private long _bytes;

    /// <summary>Counts a read of a chunk, wherever its bytes come from. What is super hot then is offered to Redis.</summary>
    /// <returns>Reads lately.</returns>
    public int Count(ChunkKey key)
    {
        if (cluster.StandsAlone || _threshold == 0)
        {
            return 0;
        }

        var reads = _sketch.Add(key);
        superHot?.Offer(key, reads);
        return reads;
    }

    /// <summary>Takes note of how often the owner sees a chunk read by the whole cluster.</summary>
    public void Heard(ChunkKey key, int rateAtOwner) => _atOwners.Raise(key, rateAtOwner);

    /// <summary>Is this chunk of another member to be kept here? A chunk that is hot in the whole cluster is kept by everyone soon.</summary>
    /// <param name="key">The chunk.</param>
    /// <param name="here">Reads lately in this process.</param>
    public bool IsSuperHot(ChunkKey key, int here) =>
        _threshold > 0 && (here >= _threshold || (HasRoom && IsHotElsewhere(key, here > 1 ? 2 * _threshold : int.MaxValue)));

    /// <summary>A copy has come into memory: those that are hot no more leave, and the oldest where there is no room for all.</summary>
    public void Kept(ChunkKey key, int bytes)
    {
        lock (_lock)
        {
            if (!_keys.Add(key))
            {
                return; // eviction had taken it, and it was hot enough to come back
            }

            _kept.Enqueue((key, bytes));
            _bytes += bytes;
            var secondChances = _kept.Count;
            while (_kept.TryPeek(out var oldest))
            {
                var isHot = IsStillHot(oldest.Key);
                if (isHot && _bytes <= _budget)
                {
                    break;
                }

                _kept.Dequeue();
                if (isHot && secondChances-- > 0)
                {
                    _kept.Enqueue(oldest);
                    continue;
                }

                _keys.Remove(oldest.Key);
                _bytes -= oldest.Bytes;
                memory.Remove(oldest.Key);
            }
        }
    }

    // A copy costs a whole chunk where a slice was wanted: where copies push each other out, only what is hot here too is worth that.
    private bool HasRoom => Volatile.Read(ref _bytes) < _budget;

    // What is in Redis is super hot already, and its first read here need not go to the owner.
    private bool IsHotElsewhere(ChunkKey key, int rateAtOwner) => _atOwners.Estimate(key) >= rateAtOwner || superHot?.Lists(key) == true;

    private bool IsStillHot(ChunkKey key) => _sketch.Estimate(key) * 2 >= _threshold || IsHotElsewhere(key, _threshold);
}
