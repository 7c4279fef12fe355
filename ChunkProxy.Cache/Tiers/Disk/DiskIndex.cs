using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Files on disk and the space they use. Does no I/O.</summary>
/// <remarks>
/// Bytes are charged before they are written and refunded after their file is deleted, so the sum never falls below the space in use.
/// A reader's deletion and the writer's rename can race for one name and leave an entry without a file. The index then charges too much,
/// never too little, until a look-up or an eviction removes the entry.
/// Entries are compared by reference, so an operation on a replaced entry refunds nothing.
/// </remarks>
internal sealed class DiskIndex(long budget, Func<long, IEvictionPolicy<ChunkKey>> policyFor)
{
    private readonly Lock _gate = new();
    private readonly HashSet<DiskEntry> _entries = new(new DiskEntriesByKey());
    private IEvictionPolicy<ChunkKey> _policy = policyFor(budget);
    private long _used;

    private HashSet<DiskEntry>.AlternateLookup<ChunkKey> ByKey => _entries.GetAlternateLookup<ChunkKey>();

    public long Budget { get; } = budget;

    public long UsedBytes => Interlocked.Read(ref _used);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    public bool Contains(ChunkKey key)
    {
        lock (_gate)
        {
            return ByKey.TryGetValue(key, out var entry) && !entry.IsCondemned;
        }
    }

    /// <summary>Finds an entry for reading and counts the hit. The caller must call <see cref="DiskEntry.Leave"/> after closing the file.</summary>
    public DiskEntry? Enter(ChunkKey key)
    {
        lock (_gate)
        {
            if (!ByKey.TryGetValue(key, out var entry) || entry.IsCondemned)
            {
                return null;
            }

            _policy.Touch(entry);
            entry.Enter(); // under the lock: eviction does not choose an entry with readers
            return entry;
        }
    }

    public void Touch(ChunkKey key)
    {
        lock (_gate)
        {
            if (ByKey.TryGetValue(key, out var entry))
            {
                _policy.Touch(entry);
            }
        }
    }

    /// <summary>Accounts for a read that memory did not serve. True: read from disk. False: not on disk, or due for promotion to memory.</summary>
    public bool ReadsPastMemory(ChunkKey key, int bytes, int length, long now)
    {
        lock (_gate)
        {
            return ByKey.TryGetValue(key, out var entry) && !entry.IsCondemned && !entry.Promotion.Read(bytes, length, now);
        }
    }

    public bool TryCharge(long bytes)
    {
        lock (_gate)
        {
            if (bytes > Budget - _used)
            {
                return false;
            }

            _used += bytes;
            return true;
        }
    }

    /// <summary>Charges bytes already on disk, even beyond the budget.</summary>
    public void Charge(long bytes)
    {
        lock (_gate)
        {
            _used += bytes;
        }
    }

    public void Refund(long bytes)
    {
        lock (_gate)
        {
            _used -= bytes;
        }
    }

    /// <summary>Adds a file whose bytes are charged. It replaces the entry with the same key.</summary>
    public void Add(DiskEntry entry)
    {
        DiskEntry? replaced;
        lock (_gate)
        {
            if (ByKey.TryGetValue(entry.Key, out replaced))
            {
                _entries.Remove(replaced);
                Forget(replaced);
            }

            _entries.Add(entry);
            _policy.Add(entry);
        }

        replaced?.Gone();
    }

    /// <summary>Closes and refunds an entry whose file was deleted, unless it was already removed.</summary>
    public void Remove(DiskEntry entry)
    {
        entry.Gone(); // first: its space is free only once it is closed
        lock (_gate)
        {
            if (ByKey.TryGetValue(entry.Key, out var current) && ReferenceEquals(current, entry))
            {
                _entries.Remove(entry);
                Forget(entry);
            }
        }
    }

    public DiskEntry? Find(ChunkKey key)
    {
        lock (_gate)
        {
            return ByKey.TryGetValue(key, out var entry) ? entry : null;
        }
    }

    /// <summary>Snapshot of all keys on disk, grouped by version. A version record is grouped under the hash of its object.</summary>
    public ILookup<UInt128, ChunkKey> KeysByVersion()
    {
        lock (_gate)
        {
            return _entries.Select(entry => entry.Key).ToLookup(key => key.Version);
        }
    }

    /// <summary>Numbers of the chunks of one version, in no order.</summary>
    public IReadOnlyList<long> NumbersOf(UInt128 version)
    {
        lock (_gate)
        {
            return [.. _entries.Where(it => it.Key.Version == version && !it.IsCondemned).Select(it => it.Key.Index)];
        }
    }

    /// <summary>Chooses the next entry to evict. It stays charged until its file is deleted and <see cref="Remove"/> is called.</summary>
    public DiskEntry? NextVictim()
    {
        lock (_gate)
        {
            return _policy.TryEvict(out var victim) ? (DiskEntry)victim : null;
        }
    }

    /// <summary>Returns a victim to the policy when its file could not be deleted.</summary>
    public void Reinstate(DiskEntry victim)
    {
        lock (_gate)
        {
            if (ByKey.TryGetValue(victim.Key, out var current) && ReferenceEquals(current, victim))
            {
                var entry = new DiskEntry(victim.Key, victim.Size); // an entry can be added to a policy only once
                if (victim.IsCondemned)
                {
                    entry.Condemn();
                }

                _entries.Remove(victim);
                _entries.Add(entry);
                _policy.Add(entry);
            }
        }
    }

    public void Clear()
    {
        DiskEntry[] gone;
        lock (_gate)
        {
            gone = [.. _entries];
            _entries.Clear();
            _policy = policyFor(Budget);
            _used = 0;
        }

        foreach (var entry in gone)
        {
            entry.Gone();
        }
    }

    private void Forget(DiskEntry entry)
    {
        _policy.Remove(entry);
        _used -= entry.Size;
    }
}
