using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Numbered slots of the files on disk, found by key and by version. Not thread-safe.</summary>
/// <remarks>At 10 million files a reference, an object header or a second copy of a key is 80 to 240 MB each, so there are none.</remarks>
internal sealed class DiskSlots : ISlotKeys<ChunkKey>
{
    public const int None = SlotPages<DiskSlot>.None;

    private const int Segments = 2048;
    private const uint RecordNumber = uint.MaxValue;

    private readonly DiskVersions _versions = new();
    private readonly SlotPages<DiskSlot> _slots = new();
    private readonly SlotTable<ChunkKey, DiskSlots> _table;

    public DiskSlots() => _table = new(this, Segments);

    public int Count { get; private set; }

    /// <summary>All rows of versions have lower numbers.</summary>
    public int EndOfVersions => _versions.End;

    public ref DiskSlot this[int slot] => ref _slots[slot];

    /// <summary>Whether the fields of a slot are wide enough: for files of less than 64 GiB, and versions of less than 2³² − 1 chunks.</summary>
    public static bool CanHold(ChunkKey key, long size) =>
        key.Index is >= -1 and < RecordNumber && size / DiskEntry.Unit <= DiskSlot.MaxUnits;

    /// <summary>Makes a hash uniform (the finalizer of MurmurHash3).</summary>
    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDUL;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53UL;
        return hash ^ (hash >> 33);
    }

    /// <summary>Returns the slot of a key, or <see cref="None"/>.</summary>
    public int Find(ChunkKey key) => _table.Find(key);

    public ChunkKey KeyOf(int slot)
    {
        ref var it = ref _slots[slot];
        return new ChunkKey(_versions.HashOf(it.Version), it.Number == RecordNumber ? -1 : it.Number);
    }

    public long SizeOf(int slot) => _slots[slot].Units * DiskEntry.Unit;

    /// <summary>Adds a key that has no slot. <see cref="CanHold"/> must be true.</summary>
    public int Add(ChunkKey key, long size)
    {
        var slot = _slots.Take();
        var (row, next) = _versions.Push(key.Version, slot);
        _slots[slot] = new DiskSlot
        {
            Version = row,
            Number = (uint)key.Index,
            Units = (uint)(size / DiskEntry.Unit),
            Older = None,
            Newer = None,
            Link = next,
            Previous = None,
        };
        if (next != None)
        {
            _slots[next].Previous = slot;
        }

        _table.Add(slot);
        Count++;
        return slot;
    }

    public void Remove(int slot)
    {
        _table.Remove(slot);
        ref var it = ref _slots[slot];
        if (it.Link != None)
        {
            _slots[it.Link].Previous = it.Previous;
        }

        if (it.Previous != None)
        {
            _slots[it.Previous].Link = it.Link;
        }
        else
        {
            _versions.SetFirst(it.Version, it.Link);
        }

        _slots.Free(slot);
        Count--;
    }

    /// <summary>Slots of a version's files, in no order.</summary>
    public IEnumerable<int> Of(Hash128 version) => OfRow(_versions.Find(version));

    /// <summary>Slots of the files of the version in a row, in no order. None when the row is free.</summary>
    public IEnumerable<int> OfRow(int row)
    {
        for (var slot = _versions.FirstOf(row); slot != None; slot = _slots[slot].Link)
        {
            yield return slot;
        }
    }

    public ulong HashOf(ChunkKey key) => Mix(key.Version.Low ^ key.Version.High ^ (((ulong)key.Index + 1) * 0x9E3779B97F4A7C15UL));

    public ulong HashOfSlot(int slot) => HashOf(KeyOf(slot));

    public bool HasKey(int slot, ChunkKey key) => KeyOf(slot) == key;
}
