namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Holds the budget: room is charged before anything is written to it, and made by eviction if need be. The writing thread's.</summary>
internal sealed class DiskRoom(DiskTree tree, DiskIndex index, IDiskFiles files, DiskCounters counters)
{
    private const long DirectorySize = 4096;

    private readonly HashSet<string> _directories = [];

    /// <summary>Directories stay once made, so they are room that eviction cannot give back. The root is one more than those below it.</summary>
    private long Overhead => (_directories.Count + 1) * DirectorySize;

    /// <summary>Nothing is known to be on disk, and nothing is charged.</summary>
    public void Clear()
    {
        index.Clear();
        _directories.Clear();
    }

    /// <summary>The root is there.</summary>
    public void NoteRoot() => index.Charge(DirectorySize);

    /// <summary>A directory below the root is there already.</summary>
    public void NoteDirectory(string path)
    {
        index.Charge(DirectorySize);
        _directories.Add(path);
    }

    public bool HasDirectory(string path) => _directories.Contains(path);

    /// <summary>Makes a directory, unless it is there. False: no room.</summary>
    public bool TryMakeDirectory(string path)
    {
        if (_directories.Contains(path))
        {
            return true;
        }

        if (!TryReserve(DirectorySize))
        {
            return false;
        }

        _directories.Add(path); // even when the next line throws: too much charged is the safe side
        files.CreateDirectory(path);
        return true;
    }

    /// <summary>Charges room for a file, and evicts others until it is there. False: all of the budget is not enough, or all of it is in use.</summary>
    /// <param name="bytes">As <see cref="DiskEntry.SizeOnDisk"/> counts them.</param>
    public bool TryReserve(long bytes)
    {
        while (!index.TryCharge(bytes))
        {
            if (bytes > index.Budget - Overhead || index.NextVictim() is not { } victim)
            {
                return false;
            }

            try
            {
                files.Delete(tree.PathOf(victim.Key));
            }
            catch
            {
                index.Reinstate(victim);
                throw;
            }

            index.Remove(victim);
            Interlocked.Increment(ref counters.Evictions);
        }

        return true;
    }
}
