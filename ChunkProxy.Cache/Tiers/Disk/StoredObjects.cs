using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Knows of which object the files are. The writing thread's.</summary>
/// <remarks>
/// Names of files tell the version and not the object. The header of one file of each version does, once: what it said is remembered for as long as
/// something of the version is on disk.
/// </remarks>
internal sealed class StoredObjects(DiskTree tree, IDiskFiles files)
{
    private readonly Dictionary<UInt128, StoredObject?> _ofVersions = [];

    /// <summary>Forgets the versions of which nothing is on disk any more.</summary>
    /// <param name="onDisk">All that is.</param>
    public void ForgetAllBut(ILookup<UInt128, ChunkKey> onDisk)
    {
        foreach (var version in _ofVersions.Keys.Where(version => !onDisk.Contains(version)).ToList())
        {
            _ofVersions.Remove(version);
        }
    }

    /// <summary>Returns of which object and generation a file is; null where that cannot be made out.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public StoredObject? Of(ChunkKey key)
    {
        if (DiskTree.IsRecord(key))
        {
            return new StoredObject(key.Version, 0); // what it says of later generations can be found out again
        }

        if (!_ofVersions.TryGetValue(key.Version, out var stored))
        {
            try
            {
                using var file = files.Open(tree.PathOf(key));
                stored = ChunkFileHeader.TryReadObject((destination, offset) => files.Read(file, destination, offset));
            }
            catch (Exception e) when (DiskFault.IsMissingFile(e))
            {
                return null; // a reader found it damaged meanwhile
            }

            if (stored is not null)
            {
                _ofVersions.Add(key.Version, stored);
            }
        }

        return stored;
    }
}
