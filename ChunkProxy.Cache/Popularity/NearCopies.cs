using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Popularity;

/// <summary>Decides which popular chunks of other members this process keeps a copy of, and when a copy is removed.</summary>
internal sealed class NearCopies(
    ClusterView cluster,
    MemoryTier memory,
    IOptions<NearCopyOptions> options,
    IOptions<CacheOptions> cache,
    TimeProvider time,
    SuperHotTier? superHot = null)
{
    // What a copy takes at least: so many tiny chunks are as few as their blocks and entries.
    private const int LeastBytes = 4096;

    private readonly PopularitySketch _sketch = new(options.Value.HalfLife, time);
    private readonly int _threshold = options.Value.Threshold;
    private readonly long _budget = (long)(cache.Value.MemoryBudget * (cluster.Self is null ? 1 : options.Value.Share));
    private readonly PopularitySketch _atOwners = new(options.Value.HalfLife, time);
    private readonly Lock _lock = new();
    private readonly HashSet<ChunkKey> _keys = [];
    private readonly Queue<(ChunkKey Key, int Bytes)> _kept = new(); // oldest first
    private long _bytes;

    /// <summary>Counts a read of a chunk, whatever its source. Offers a super-hot chunk to Redis.</summary>
    /// <returns>The chunk's recent read count.</returns>
    public int Count(ChunkKey key)
    {
        if (cluster.IsStandAlone || _threshold == 0)
        {
            return 0;
        }

        var reads = _sketch.Add(key);
        superHot?.Offer(key, reads);
        return reads;
    }

    /// <summary>Records the chunk's recent read count at its owner, which covers the whole cluster.</summary>
    public void RecordOwnersRate(ChunkKey key, int rateAtOwner) => _atOwners.Raise(key, rateAtOwner);

    /// <summary>
    /// Returns whether to keep a copy of this chunk of another member. All processes soon keep a chunk that is hot in the whole cluster.
    /// </summary>
    /// <param name="key">The chunk.</param>
    /// <param name="here">The chunk's recent read count in this process.</param>
    public bool IsWorthACopy(ChunkKey key, int here) =>
        _threshold > 0 && (here >= _threshold || (HasRoom && IsHotElsewhere(key, here > 1 ? 2 * _threshold : int.MaxValue)));

    /// <summary>Records that a copy is in memory. Removes copies that are no longer hot, and the oldest ones beyond the budget.</summary>
    public void Kept(ChunkKey key, int bytes)
    {
        bytes = Math.Max(bytes, LeastBytes);
        lock (_lock)
        {
            if (!_keys.Add(key))
            {
                return; // the copy was evicted, and was hot enough to come back
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

    // A copy takes a whole chunk although a slice was requested. While copies compete for room, only chunks that are also hot here are worth that.
    private bool HasRoom => Volatile.Read(ref _bytes) < _budget;

    // A chunk in Redis is already super hot, so even its first read here need not go to the owner.
    private bool IsHotElsewhere(ChunkKey key, int rateAtOwner) => _atOwners.Estimate(key) >= rateAtOwner || superHot?.Contains(key) == true;

    private bool IsStillHot(ChunkKey key) => _sketch.Estimate(key) * 2 >= _threshold || IsHotElsewhere(key, _threshold);
}
