using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Files on disk and the space they use. Does no I/O.</summary>
/// <remarks>
/// Bytes are charged before they are written and refunded after their file is deleted, so the sum never falls below the space in use.
/// A reader's deletion and the writer's rename can race for one name and leave a slot without a file. The index then charges too much,
/// never too little, until a look-up or an eviction removes the slot.
/// <para>
/// A file takes a <see cref="DiskSlot"/>. Only a file in use has a <see cref="DiskEntry"/> as well. A file that is replaced or removed loses its
/// entry, so an operation on the entry of a replaced file refunds nothing.
/// </para>
/// </remarks>
internal sealed class DiskIndex(long budget)
{
    private const int PromotionAccounts = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly OpenEntries _open = new();
    private readonly PromotionAccounts _promotions = new(PromotionAccounts);
    private DiskSlots _slots = new();
    private S3Fifo<int, DiskNodes>? _policy;

    public DiskSpace Space { get; } = new(budget);

    public int Count => Locked(() => _slots.Count);

    /// <summary>Number of files that are in use.</summary>
    public int OpenCount => Locked(() => _open.Count);

    /// <summary>The versions on disk have numbers below this, and keep them.</summary>
    public int EndOfVersions => Locked(() => _slots.EndOfVersions);

    private S3Fifo<int, DiskNodes> Policy => _policy ??= new(new DiskNodes(_slots, _open), Space.Budget);

    public bool Contains(ChunkKey key)
    {
        lock (_gate)
        {
            return Find(key) != DiskSlots.None;
        }
    }

    public bool ContainsVersion(Hash128 version) => Locked(() => _slots.Of(version).Any());

    /// <summary>Space on disk of a file in bytes, or null when it is not on disk.</summary>
    public long? SizeOf(ChunkKey key)
    {
        lock (_gate)
        {
            return _slots.Find(key) is var slot and not DiskSlots.None ? _slots.SizeOf(slot) : null;
        }
    }

    /// <summary>Finds a file for reading and counts the hit. The caller must call <see cref="DiskEntry.Leave"/> after closing the file.</summary>
    public DiskEntry? Enter(ChunkKey key)
    {
        lock (_gate)
        {
            var slot = Find(key);
            if (slot == DiskSlots.None)
            {
                return null;
            }

            Touch(slot);
            return Enter(slot); // under the lock: eviction does not choose a file with readers
        }
    }

    public void Touch(ChunkKey key)
    {
        lock (_gate)
        {
            if (_slots.Find(key) is var slot and not DiskSlots.None)
            {
                Touch(slot);
            }
        }
    }

    /// <summary>Accounts for a read that memory did not serve. True: read from disk. False: not on disk, or due for promotion to memory.</summary>
    public bool ReadsPastMemory(ChunkKey key, int bytes, int length, long now)
    {
        lock (_gate)
        {
            return Find(key) != DiskSlots.None && !_promotions.Of(key).Read(bytes, length, now);
        }
    }

    /// <summary>Adds a file whose bytes are charged. It replaces the file with the same key. <see cref="DiskSlots.CanHold"/> must be true.</summary>
    public void Add(ChunkKey key, long size)
    {
        DiskEntry? replaced = null;
        lock (_gate)
        {
            if (_slots.Find(key) is var known and not DiskSlots.None)
            {
                replaced = Forget(known);
            }

            Policy.Add(_slots.Add(key, size));
        }

        replaced?.Gone();
    }

    /// <summary>Marks a file for deletion.</summary>
    public void Condemn(ChunkKey key)
    {
        lock (_gate)
        {
            if (_slots.Find(key) is var slot and not DiskSlots.None)
            {
                _slots[slot].IsCondemned = true;
            }
        }
    }

    /// <summary>Marks a file for deletion. Returns true for the first caller only.</summary>
    public bool TryCondemn(DiskEntry entry)
    {
        lock (_gate)
        {
            if (!entry.Condemn() || (_open.IsCurrent(entry) && _slots[entry.Slot].IsCondemned))
            {
                return false;
            }

            if (_open.IsCurrent(entry))
            {
                _slots[entry.Slot].IsCondemned = true;
            }

            return true;
        }
    }

    /// <summary>Closes and refunds a file that was deleted, unless it was already removed.</summary>
    /// <param name="entry">The file.</param>
    /// <param name="isSpaceTaken">The space is not refunded, because a new file has it.</param>
    public void Remove(DiskEntry entry, bool isSpaceTaken = false)
    {
        entry.Gone(); // first: its space is free only once it is closed
        lock (_gate)
        {
            if (_open.IsCurrent(entry))
            {
                Forget(entry.Slot, isSpaceTaken);
            }
        }
    }

    /// <summary>As <see cref="Remove(DiskEntry)"/>, for a file whose name no other thread gives to a new file meanwhile.</summary>
    public void Remove(ChunkKey key)
    {
        DiskEntry? entry;
        lock (_gate)
        {
            entry = _slots.Find(key) is var slot and not DiskSlots.None ? Enter(slot) : null;
        }

        if (entry is not null)
        {
            Remove(entry);
        }
    }

    /// <summary>Chooses the next file to evict. It stays charged until its file is deleted and <see cref="Remove(DiskEntry)"/> is called.</summary>
    public DiskEntry? NextVictim()
    {
        lock (_gate)
        {
            return Policy.TryEvict(out var slot) ? Enter(slot) : null;
        }
    }

    /// <summary>Hides a victim from readers. Returns false if a reader uses it, or if it is hidden already.</summary>
    public bool TryClaim(DiskEntry victim)
    {
        lock (_gate)
        {
            if (!_open.IsCurrent(victim) || _slots[victim.Slot].IsCondemned || !victim.HasOneReader)
            {
                return false;
            }

            return _slots[victim.Slot].IsCondemned = true;
        }
    }

    /// <summary>Returns a victim to the policy when its file could not be deleted.</summary>
    public void Reinstate(DiskEntry victim)
    {
        lock (_gate)
        {
            if (_open.IsCurrent(victim))
            {
                Policy.Add(victim.Slot);
            }
        }

        victim.Leave();
    }

    /// <summary>Files of the version with this number, a record included. Empty when there is no such version.</summary>
    public IReadOnlyList<ChunkKey> KeysOf(int versionNumber) =>
        Locked<IReadOnlyList<ChunkKey>>(() => [.. _slots.OfRow(versionNumber).Select(_slots.KeyOf)]);

    /// <summary>Files of a version, in no order. A version record is a file of the version that is the hash of its object.</summary>
    public IReadOnlyList<ChunkKey> KeysOf(Hash128 version) =>
        Locked<IReadOnlyList<ChunkKey>>(() => [.. _slots.Of(version).Select(_slots.KeyOf)]);

    /// <summary>Numbers of the chunks of one version, in no order.</summary>
    public IReadOnlyList<long> NumbersOf(Hash128 version) =>
        Locked<IReadOnlyList<long>>(() => [.. _slots.Of(version).Where(slot => !_slots[slot].IsCondemned).Select(slot => _slots.KeyOf(slot).Index)]);

    public void Clear()
    {
        IReadOnlyList<DiskEntry> gone;
        lock (_gate)
        {
            gone = _open.Clear();
            _promotions.Clear();
            _slots = new DiskSlots();
            _policy = null;
            Space.Clear();
        }

        foreach (var entry in gone)
        {
            entry.Gone();
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    // The methods below run under the lock.

    private int Find(ChunkKey key) => _slots.Find(key) is var slot && slot != DiskSlots.None && !_slots[slot].IsCondemned ? slot : DiskSlots.None;

    private void Touch(int slot)
    {
        ref var it = ref _slots[slot];
        it.Hits = Math.Min(it.Hits + 1, S3Fifo<int, DiskNodes>.Proof);
    }

    private DiskEntry Enter(int slot)
    {
        ref var it = ref _slots[slot];
        if (!it.IsOpen)
        {
            it.IsOpen = true;
            _open.Add(new DiskEntry(_slots.KeyOf(slot), _slots.SizeOf(slot), slot, Close));
        }

        var entry = _open[slot];
        entry.Enter();
        return entry;
    }

    /// <summary>Removes and refunds a file. Returns its entry if it is in use.</summary>
    private DiskEntry? Forget(int slot, bool isSpaceTaken = false)
    {
        Policy.Remove(slot);
        _promotions.Remove(_slots.KeyOf(slot));
        Space.Refund(isSpaceTaken ? 0 : _slots.SizeOf(slot));
        _slots.Remove(slot);
        _open.TryRemove(slot, out var entry);
        return entry;
    }

    private void Close(DiskEntry entry)
    {
        lock (_gate)
        {
            // A reader may have entered since the last use ended, and left again: then there is another call.
            if (entry.IsUnused && _open.IsCurrent(entry))
            {
                _open.TryRemove(entry.Slot, out _);
                _slots[entry.Slot].IsOpen = false;
            }
        }
    }
}
