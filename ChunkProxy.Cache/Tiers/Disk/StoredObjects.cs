using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Maps files to their objects. Used by the writing thread only.</summary>
/// <remarks>
/// File names contain the version, not the object. The header of one file per version is read. The result is kept while any file of the
/// version is on disk, for a bounded number of versions.
/// </remarks>
internal sealed class StoredObjects(DiskTree tree, IDiskFiles files)
{
    private const int MostVersions = 64 * 1024;

    private readonly Dictionary<Hash128, StoredObject?> _ofVersions = [];

    /// <summary>Removes versions that have no file on disk.</summary>
    public void ForgetUnless(Func<Hash128, bool> isOnDisk)
    {
        foreach (var version in _ofVersions.Keys.Where(version => !isOnDisk(version)).ToList())
        {
            _ofVersions.Remove(version);
        }
    }

    /// <summary>Reads whose chunk a file has. Keeps nothing. Null when the header is not valid, or the file is gone.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public StoredName? NameOf(ChunkKey key)
    {
        try
        {
            using var file = files.Open(tree.PathOf(key));
            return ChunkFileHeader.TryReadName((destination, offset) => files.Read(file, destination, offset));
        }
        catch (Exception e) when (DiskFault.IsMissingFile(e))
        {
            return null;
        }
    }

    /// <summary>Returns the object and generation of a file, or null when its header is not valid.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public StoredObject? Of(ChunkKey key)
    {
        if (DiskTree.IsRecord(key))
        {
            return new StoredObject(key.Version, 0); // a record of a later generation may be deleted too: it can be fetched again
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
                return null; // deleted meanwhile
            }

            if (stored is not null && _ofVersions.Count < MostVersions)
            {
                _ofVersions.Add(key.Version, stored);
            }
        }

        return stored;
    }
}
