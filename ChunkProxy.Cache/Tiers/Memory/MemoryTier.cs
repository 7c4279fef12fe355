using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Metering;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>The chunks in this process's memory, within a budget that holds for everything: cached, being filled, being sent.</summary>
/// <remarks>
/// A hit takes no lock and allocates nothing. All else is done under one lock, which guards the index's writes, the slab's tables and every
/// buffer's <see cref="ChunkBuffer.Entry"/>.
/// <para>
/// A hit against an eviction: the hit has read the entry, the eviction takes it out of the index and gives the tier's reference back, then the hit
/// asks for its own. If the tier's was the last, the hit gets none and is a miss; if not, the block lives until the hit's reader is done.
/// Nothing is handed out that is not retained, and a buffer that is retained holds the bytes of the one key it was added under.
/// </para>
/// </remarks>
public sealed partial class MemoryTier : IDisposable
{
    /// <summary>Players read a chunk in several ranges. Such hits belong together while less than this part of the budget came in between.</summary>
    internal const int CorrelatedHitWindow = 64;

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<ChunkKey, MemoryEntry> _entries = new(concurrencyLevel: 1, capacity: 31);
    private readonly ChunkSlab _slab;
    private readonly IEvictionPolicy<ChunkKey> _policy;
    private readonly StripedCounter _hits = new();
    private readonly StripedCounter _misses = new();
    private long _evictions;
    private long _evictedBytes;
    private long _movedBytes;
    private long _refusedRents;
    private bool _disposed;

    /// <param name="budget">Bytes, at least <see cref="MinimumBudget"/>; reserved at once, made resident as they are used.</param>
    /// <param name="chunkSize">Bytes of a full chunk, the longest that can be rented.</param>
    public MemoryTier(long budget, int chunkSize)
        : this(budget, chunkSize, capacity => new S3FifoPolicy<ChunkKey>(capacity, capacity / CorrelatedHitWindow))
    {
    }

    internal MemoryTier(long budget, int chunkSize, Func<long, IEvictionPolicy<ChunkKey>> policy)
    {
        _slab = new ChunkSlab(budget, chunkSize);
        _policy = policy(_slab.Capacity);
    }

    public MemoryTierStatistics Statistics => new()
    {
        BudgetBytes = _slab.Capacity,
        UsedBytes = _slab.UsedBytes,
        CachedBytes = _policy.UsedBytes,
        Chunks = _policy.Count,
        Hits = _hits.Value,
        Misses = _misses.Value,
        Evictions = Interlocked.Read(ref _evictions),
        EvictedBytes = Interlocked.Read(ref _evictedBytes),
        MovedBytes = Interlocked.Read(ref _movedBytes),
        RefusedRents = Interlocked.Read(ref _refusedRents),
    };

    /// <summary>The smallest budget in bytes that is of use: one chunk being filled, one being sent and two cached.</summary>
    public static long MinimumBudget(int chunkSize) => 4 * ChunkSlab.RegionSizeFor(chunkSize);

    /// <summary>Rents room for a chunk, evicting others if it must. Null when everything is in use at this moment. The caller holds one reference.</summary>
    public ChunkBuffer? TryRent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _slab.ChunkSize);
        lock (_gate)
        {
            if (_disposed)
            {
                return null;
            }

            var buffer = _slab.TryAllocate(length) ?? AllocateByEvicting(length) ?? AllocateByVacating(length);
            if (buffer is null)
            {
                _refusedRents++;
            }

            return buffer;
        }
    }

    /// <summary>Returns the chunk, complete or in part, with a reference for the caller; or null.</summary>
    public ChunkBuffer? TryGet(ChunkKey key)
    {
        if (_entries.TryGetValue(key, out var entry))
        {
            for (var buffer = entry.Buffer; ;)
            {
                if (buffer.TryRetain())
                {
                    _policy.Touch(entry);
                    _hits.Increment();
                    return buffer;
                }

                // A buffer that died while its entry lives was moved, and the new one was put in its place first.
                var moved = entry.Buffer;
                if (moved == buffer)
                {
                    break;
                }

                buffer = moved;
            }
        }

        _misses.Increment();
        return null;
    }

    /// <summary>Every chunk that is here, as a moving picture: what comes and goes meanwhile may be missing.</summary>
    internal IEnumerable<MemoryEntry> Entries => _entries.Select(pair => pair.Value);

    /// <summary>Returns the chunk's entry without a reference to its buffer, for whoever only looks. Counts as no look-up.</summary>
    internal MemoryEntry? Peek(ChunkKey key) => _entries.GetValueOrDefault(key);

    /// <summary>Whether the chunk is here, complete or in part. Counts as no look-up.</summary>
    public bool Contains(ChunkKey key) => _entries.ContainsKey(key);

    /// <summary>Keeps the chunk with a reference of the tier's own, in place of what was there under that key.</summary>
    /// <remarks>A fill that completes a chunk found here in part adds it again: the tier may have moved the part meanwhile.</remarks>
    /// <exception cref="ArgumentException">The buffer is another tier's, or was added under another key before.</exception>
    /// <exception cref="InvalidOperationException">The caller holds no reference.</exception>
    public void Add(ChunkKey key, ChunkBuffer buffer)
    {
        if (!buffer.IsOf(_slab))
        {
            throw new ArgumentException("The buffer was not rented here.", nameof(buffer));
        }

        lock (_gate)
        {
            if (buffer.Key is { } other && other != key)
            {
                throw new ArgumentException("The buffer holds another chunk.", nameof(buffer));
            }

            if (_disposed || buffer.Entry is not null)
            {
                return;
            }

            if (!buffer.TryRetain())
            {
                throw new InvalidOperationException("The buffer was released before it was added.");
            }

            buffer.Key = key;
            if (_entries.TryGetValue(key, out var entry) && entry.Size == buffer.BlockBytes)
            {
                Replace(entry, buffer); // and the entry keeps what the policy knows of it
                return;
            }

            if (entry is not null)
            {
                _policy.Remove(entry);
                Drop(entry);
            }

            entry = new MemoryEntry(key, buffer);
            buffer.Entry = entry;
            _policy.Add(entry);
            _entries[key] = entry;
            _slab.PrepareAhead(); // now rather than with the next rent, whose reader waits for its first byte
        }
    }

    /// <summary>Forgets the chunk; readers that hold it go on reading.</summary>
    public bool Remove(ChunkKey key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry))
            {
                return false;
            }

            _policy.Remove(entry);
            Drop(entry);
            return true;
        }
    }

    /// <summary>Forgets the chunks of all versions that the condition names, and returns which, with their bytes. Looks at every entry: for purges, not for requests.</summary>
    internal IReadOnlyList<(ChunkKey Key, ObjectVersion Version, long Bytes)> RemoveVersions(Func<ObjectVersion, bool> isToGo)
    {
        var gone = new List<(ChunkKey, ObjectVersion, long)>();
        foreach (var (key, entry) in _entries)
        {
            var buffer = entry.Buffer;
            if (buffer.Version is { } version && isToGo(version) && Remove(key))
            {
                gone.Add((key, version, buffer.Length));
            }
        }

        return gone;
    }

    /// <summary>Forgets all chunks. The memory is given back when the last reader is done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            foreach (var (_, entry) in _entries)
            {
                _policy.Remove(entry);
                Drop(entry);
            }

            _slab.Dispose();
        }
    }

    private static void Replace(MemoryEntry entry, ChunkBuffer buffer)
    {
        var old = entry.Buffer;
        buffer.Entry = entry;
        entry.Buffer = buffer; // before the old one dies, so that a hit finds one of them alive
        old.Entry = null;
        old.Release();
    }

    private void Evict(MemoryEntry entry)
    {
        _evictions++;
        _evictedBytes += entry.Size;
        Drop(entry);
    }

    private void Drop(MemoryEntry entry)
    {
        _entries.TryRemove(entry.Key, out _);
        entry.Buffer.Entry = null;
        entry.Buffer.Release();
    }
}
