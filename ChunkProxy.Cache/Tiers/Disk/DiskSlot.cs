using System.Runtime.InteropServices;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A file of the tier in 28 bytes. There is one for every chunk on disk.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct DiskSlot : ILinkedSlot
{
    /// <summary>Most units in a file.</summary>
    public const uint MaxUnits = (1 << UnitBits) - 1;

    private const int UnitBits = 24;
    private const int HitsAt = UnitBits;
    private const int PlaceAt = HitsAt + 2;
    private const int CondemnedAt = PlaceAt + 2;
    private const int OpenAt = CondemnedAt + 1;
    private const uint TwoBits = 3;

    private uint _sizeAndState;

    /// <summary>Row of the version in <see cref="DiskVersions"/>.</summary>
    public int Version { get; set; }

    /// <summary>Index of the chunk.</summary>
    public uint Number { get; set; }

    public int Older { get; set; }

    public int Newer { get; set; }

    /// <summary>Next file of the same version.</summary>
    public int Link { get; set; }

    /// <summary>Previous file of the same version.</summary>
    public int Previous { get; set; }

    /// <summary>Size on disk in units of 4 KiB.</summary>
    public uint Units
    {
        readonly get => _sizeAndState & MaxUnits;
        set => _sizeAndState = (_sizeAndState & ~MaxUnits) | value;
    }

    public int Hits
    {
        readonly get => (int)(_sizeAndState >> HitsAt & TwoBits);
        set => Set(HitsAt, TwoBits, (uint)value);
    }

    public EvictionPlace Place
    {
        readonly get => (EvictionPlace)(_sizeAndState >> PlaceAt & TwoBits);
        set => Set(PlaceAt, TwoBits, (uint)value);
    }

    /// <summary>Marked for deletion. Until deleted, the file counts toward the budget, but look-ups miss it.</summary>
    public bool IsCondemned
    {
        readonly get => (_sizeAndState >> CondemnedAt & 1) != 0;
        set => Set(CondemnedAt, 1, value ? 1u : 0);
    }

    /// <summary>There is a <see cref="DiskEntry"/> for the file.</summary>
    public bool IsOpen
    {
        readonly get => (_sizeAndState >> OpenAt & 1) != 0;
        set => Set(OpenAt, 1, value ? 1u : 0);
    }

    private void Set(int at, uint mask, uint value) => _sizeAndState = (_sizeAndState & ~(mask << at)) | (value << at);
}
