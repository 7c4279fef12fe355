using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Compares entries by their keys, so that a set of entries is found by key and does not store each key twice.</summary>
internal sealed class DiskEntriesByKey : IEqualityComparer<DiskEntry>, IAlternateEqualityComparer<ChunkKey, DiskEntry>
{
    public bool Equals(DiskEntry? x, DiskEntry? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.Key == y.Key);

    public int GetHashCode(DiskEntry obj) => obj.Key.GetHashCode();

    public bool Equals(ChunkKey alternate, DiskEntry other) => alternate == other.Key;

    public int GetHashCode(ChunkKey alternate) => alternate.GetHashCode();

    public DiskEntry Create(ChunkKey alternate) => throw new NotSupportedException("Entries are made by the writer and the scan.");
}
