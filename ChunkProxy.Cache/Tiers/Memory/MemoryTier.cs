using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Metering;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Chunks in the memory of this process. The budget covers cached chunks with their names, running fills and chunks being sent.</summary>
/// <remarks>
/// A hit takes no lock and allocates nothing. All other operations run under one lock, which guards writes to the index, the tables of the slab and
/// every buffer's <see cref="ChunkBuffer.Entry"/>.
/// <para>
/// Race of a hit with an eviction: the hit reads the entry; the eviction removes it from the index and releases the tier's reference; then the hit
/// tries to retain the buffer. If the tier's reference was the last, retaining fails and the hit becomes a miss. Otherwise the block lives until the
/// reader is done. Only retained buffers are returned, and a retained buffer holds the bytes of the only key under which it was added.
/// </para>
/// </remarks>
public sealed partial class MemoryTier : IDisposable
{
    /// <summary>Players read a chunk in several ranges. Hits are correlated while less than the budget divided by this came in between.</summary>
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
    private long _nameBytes;
    private bool _disposed;

    /// <param name="budget">Bytes, at least <see cref="MinimumBudget"/>. Reserved at once, made resident as used.</param>
    /// <param name="chunkSize">Bytes of a full chunk, the largest that can be rented.</param>
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
        NameBytes = Interlocked.Read(ref _nameBytes),
    };

    /// <summary>Smallest useful budget in bytes: one chunk being filled, one being sent and two cached.</summary>
    public static long MinimumBudget(int chunkSize) => 4 * ChunkSlab.RegionSizeFor(chunkSize);

    /// <summary>Rents a buffer for a chunk with one reference, evicting others if needed. Returns null when all memory is in use.</summary>
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

            MakeRoomForNames(length);
            var buffer = _slab.TryAllocate(length) ?? AllocateByEvicting(length) ?? AllocateByVacating(length);
            if (buffer is null)
            {
                _refusedRents++;
            }

            return buffer;
        }
    }

    /// <summary>Returns the complete or partial chunk with a reference for the caller, or null.</summary>
    public ChunkBuffer? TryGet(ChunkKey key)
    {
        if (_entries.TryGetValue(key, out var entry) && entry.TryRetain() is { } buffer)
        {
            _policy.Touch(entry);
            _hits.Increment();
            return buffer;
        }

        _misses.Increment();
        return null;
    }

    /// <summary>All cached chunks. Not a snapshot: chunks added or removed during the enumeration may be missing.</summary>
    internal IEnumerable<MemoryEntry> Entries => _entries.Select(pair => pair.Value);

    /// <summary>Returns the entry without a reference to its buffer, for inspection only. Not counted as a look-up.</summary>
    internal MemoryEntry? Peek(ChunkKey key) => _entries.GetValueOrDefault(key);

    /// <summary>Whether the chunk is cached, complete or partial. Not counted as a look-up.</summary>
    public bool Contains(ChunkKey key) => _entries.ContainsKey(key);

    /// <summary>Caches the chunk with a reference of the tier's own. It replaces any chunk with the same key.</summary>
    /// <remarks>A fill that completes a partial chunk adds it again, because the tier may have moved the partial chunk meanwhile.</remarks>
    /// <exception cref="ArgumentException">The buffer belongs to another tier, or was added under another key.</exception>
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
                Replace(entry, buffer); // the entry keeps its state in the policy
                ChargeNames(entry);
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
            ChargeNames(entry);
            MakeRoomForNames(0);
            _slab.PrepareAhead(); // now, because the reader behind the next rent waits for its first byte
        }
    }

    /// <summary>Removes the chunk. Readers that retained it continue.</summary>
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

    /// <summary>Removes the chunks of all matching versions and returns them with their bytes.</summary>
    /// <remarks>Visits every entry: for purges, not for requests.</remarks>
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

    /// <summary>Removes all chunks. The memory is unmapped when the last reader is done.</summary>
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
        entry.Buffer = buffer; // before the old one dies, so that a hit finds one of the two alive
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
        _nameBytes -= entry.NameBytes;
        entry.NameBytes = 0;
        entry.Buffer.Entry = null;
        entry.Buffer.Release();
    }
}
