using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The versions that have files on disk, each hash stored once. Not thread-safe.</summary>
internal sealed class DiskVersions : ISlotKeys<Hash128>
{
    private const int Segments = 1024;

    private readonly SlotPages<DiskVersionRow> _rows = new();
    private readonly SlotTable<Hash128, DiskVersions> _table;

    public DiskVersions() => _table = new(this, Segments);

    /// <summary>All rows in use have lower numbers.</summary>
    public int End => _rows.End;

    public Hash128 HashOf(int row) => _rows[row].Hash;

    /// <summary>Returns the row of a version, or <see cref="SlotPages{T}.None"/>.</summary>
    public int Find(Hash128 version) => _table.Find(version);

    /// <summary>Returns the first file of a row, or <see cref="SlotPages{T}.None"/> when the row is free.</summary>
    public int FirstOf(int row) => row == SlotPages<DiskVersionRow>.None || row >= _rows.End || Find(_rows[row].Hash) != row ? SlotPages<DiskSlot>.None : _rows[row].Link;

    /// <summary>Makes a file the first of its version. Returns the version's row, and the file that was first until now.</summary>
    public (int Row, int Next) Push(Hash128 version, int file)
    {
        var row = Find(version);
        var next = SlotPages<DiskSlot>.None;
        if (row != SlotPages<DiskVersionRow>.None)
        {
            next = _rows[row].Link;
        }
        else
        {
            row = _rows.Take();
            _rows[row].Hash = version;
            _table.Add(row);
        }

        _rows[row].Link = file;
        return (row, next);
    }

    /// <summary>Makes another file the first of a row. <see cref="SlotPages{T}.None"/> frees the row.</summary>
    public void SetFirst(int row, int file)
    {
        if (file != SlotPages<DiskSlot>.None)
        {
            _rows[row].Link = file;
            return;
        }

        _table.Remove(row);
        _rows.Free(row);
    }

    ulong ISlotKeys<Hash128>.HashOf(Hash128 key) => DiskSlots.Mix(key.Low ^ key.High);

    ulong ISlotKeys<Hash128>.HashOfSlot(int slot) => ((ISlotKeys<Hash128>)this).HashOf(_rows[slot].Hash);

    bool ISlotKeys<Hash128>.HasKey(int slot, Hash128 key) => _rows[slot].Hash == key;
}
