using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Entries of the files in use, by slot. Guarded by the lock of the index.</summary>
internal sealed class OpenEntries
{
    private readonly Dictionary<int, DiskEntry> _bySlot = [];

    public int Count => _bySlot.Count;

    public DiskEntry this[int slot] => _bySlot[slot];

    public void Add(DiskEntry entry) => _bySlot.Add(entry.Slot, entry);

    /// <summary>Whether the file of the entry is still in its slot: it was not removed, and the slot was not used again.</summary>
    public bool IsCurrent(DiskEntry entry) => _bySlot.TryGetValue(entry.Slot, out var current) && ReferenceEquals(current, entry);

    public bool TryRemove(int slot, [NotNullWhen(true)] out DiskEntry? entry) => _bySlot.Remove(slot, out entry);

    /// <summary>Removes all entries and returns them.</summary>
    public IReadOnlyList<DiskEntry> Clear()
    {
        DiskEntry[] all = [.. _bySlot.Values];
        _bySlot.Clear();
        return all;
    }
}
