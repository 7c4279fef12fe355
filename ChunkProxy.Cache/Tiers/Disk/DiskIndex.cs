using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>What is on disk and what it takes there. Does no I/O.</summary>
/// <remarks>
/// Bytes are charged before they are written and refunded after their file is gone, so the sum never falls below what is on disk.
/// Where a reader's deletion and the writer's rename of one name meet, an entry may stay behind for a file that is not there:
/// too much is charged then, never too little, until a look-up or eviction finds out. Entries are told apart by reference, so whoever acts on an entry
/// that was replaced meanwhile refunds nothing.
/// </remarks>
internal sealed class DiskIndex(long budget, Func<long, IEvictionPolicy<ChunkKey>> policyFor)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ChunkKey, DiskEntry> _entries = [];
    private IEvictionPolicy<ChunkKey> _policy = policyFor(budget);
    private long _used;

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
            return _entries.TryGetValue(key, out var entry) && !entry.IsCondemned;
        }
    }

    /// <summary>Finds an entry to be read, noting the hit. The caller leaves the entry when it has closed the file.</summary>
    public DiskEntry? Enter(ChunkKey key)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(key, out var entry) || entry.IsCondemned)
            {
                return null;
            }

            _policy.Touch(entry);
            entry.Enter(); // under the lock: an entry that a reader has is not chosen to leave
            return entry;
        }
    }

    public void Touch(ChunkKey key)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out var entry))
            {
                _policy.Touch(entry);
            }
        }
    }

    /// <summary>Takes note of a read of a chunk that is not in memory. True: it is to be read from here; false: it is not here, or is to move to memory.</summary>
    public bool ReadsPastMemory(ChunkKey key, int bytes, int length, long now)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(key, out var entry) && !entry.IsCondemned && !entry.Promotion.Read(bytes, length, now);
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

    /// <summary>Charges what is on disk already, whether the budget allows it or not.</summary>
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

    /// <summary>Takes in a file whose bytes have been charged, in place of the one that had its name.</summary>
    public void Add(DiskEntry entry)
    {
        DiskEntry? replaced;
        lock (_gate)
        {
            if (_entries.Remove(entry.Key, out replaced))
            {
                Forget(replaced);
            }

            _entries.Add(entry.Key, entry);
            _policy.Add(entry);
        }

        replaced?.Gone();
    }

    /// <summary>The entry's file has been deleted: closes and refunds it, unless it left before.</summary>
    public void Remove(DiskEntry entry)
    {
        entry.Gone(); // first: its room is free when it is closed
        lock (_gate)
        {
            if (_entries.TryGetValue(entry.Key, out var current) && ReferenceEquals(current, entry))
            {
                _entries.Remove(entry.Key);
                Forget(entry);
            }
        }
    }

    public DiskEntry? Find(ChunkKey key)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(key);
        }
    }

    /// <summary>Everything that is on disk, as of now, by version; a record stands under its object's hash.</summary>
    public ILookup<UInt128, ChunkKey> KeysByVersion()
    {
        lock (_gate)
        {
            return _entries.Keys.ToLookup(key => key.Version);
        }
    }

    /// <summary>Chooses what leaves next. It stays charged until its file is gone and <see cref="Remove"/> is called.</summary>
    public DiskEntry? NextVictim()
    {
        lock (_gate)
        {
            return _policy.TryEvict(out var victim) ? (DiskEntry)victim : null;
        }
    }

    /// <summary>Takes a victim back whose file could not be deleted.</summary>
    public void Reinstate(DiskEntry victim)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(victim.Key, out var current) && ReferenceEquals(current, victim))
            {
                var entry = new DiskEntry(victim.Key, victim.Size); // an entry serves a policy once
                if (victim.IsCondemned)
                {
                    entry.Condemn();
                }

                _entries[victim.Key] = entry;
                _policy.Add(entry);
            }
        }
    }

    public void Clear()
    {
        DiskEntry[] gone;
        lock (_gate)
        {
            gone = [.. _entries.Values];
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
