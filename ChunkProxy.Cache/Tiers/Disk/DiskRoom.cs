namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Enforces the budget: space is charged before it is written to, and freed by eviction. Used by the writing thread only.</summary>
internal sealed class DiskRoom(DiskTree tree, DiskIndex index, IDiskFiles files, DiskCounters counters)
{
    private const long DirectorySize = 4096;

    private readonly HashSet<string> _directories = [];

    /// <summary>Space of directories in bytes: the root and those in the set. Directories are never removed, so eviction cannot free it.</summary>
    private long Overhead => (_directories.Count + 1) * DirectorySize;

    /// <summary>Resets to an empty directory with nothing charged.</summary>
    public void Clear()
    {
        index.Clear();
        _directories.Clear();
    }

    /// <summary>Charges the existing root.</summary>
    public void NoteRoot() => index.Space.Charge(DirectorySize);

    /// <summary>Charges an existing directory below the root.</summary>
    public void NoteDirectory(string path)
    {
        index.Space.Charge(DirectorySize);
        _directories.Add(path);
    }

    /// <summary>Creates a directory unless it exists. Returns false when there is no space.</summary>
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

        _directories.Add(path); // even if the next line throws: charging too much is safe
        files.CreateDirectory(path);
        return true;
    }

    /// <summary>Charges space for a file, evicting others as needed. False: the file exceeds the budget, or no entry can be evicted.</summary>
    /// <param name="bytes">Space as <see cref="DiskEntry.SizeOnDisk"/> computes it.</param>
    public bool TryReserve(long bytes) => TryReserve(bytes, reuseAs: null, out _);

    /// <inheritdoc cref="TryReserve(long)"/>
    /// <param name="bytes">Space as <see cref="DiskEntry.SizeOnDisk"/> computes it.</param>
    /// <param name="reuseAs">An evicted file of the same size gets this name instead of being deleted, with its old bytes.</param>
    /// <param name="isReused">Whether there is such a file.</param>
    /// <remarks>
    /// A new file makes ext4 search for an inode and for blocks. To write into those of an evicted file takes a fifth of the processor time
    /// (docs/performance-log.md).
    /// </remarks>
    public bool TryReserve(long bytes, string? reuseAs, out bool isReused)
    {
        isReused = false;
        while (!isReused && !index.Space.TryCharge(bytes))
        {
            if (bytes > index.Space.Budget - Overhead || index.NextVictim() is not { } victim)
            {
                return false;
            }

            try
            {
                isReused = reuseAs is not null && victim.Size == bytes && TryReuse(victim, reuseAs);
                if (!isReused)
                {
                    files.Delete(tree.PathOf(victim.Key));
                }
            }
            catch
            {
                index.Reinstate(victim);
                throw;
            }

            index.Remove(victim, isSpaceTaken: isReused);
            Interlocked.Increment(ref counters.Evictions);
        }

        return true;
    }

    private bool TryReuse(DiskEntry victim, string path)
    {
        var old = tree.PathOf(victim.Key);
        if (index.Space.UsedBytes > index.Space.Budget || !files.MayOverwrite(old))
        {
            return false;
        }

        try
        {
            files.Rename(old, path);
        }
        catch (Exception e) when (DiskFault.IsMissingFile(e))
        {
            return false; // a reader found it damaged and deleted it
        }

        if (index.TryClaim(victim))
        {
            return true;
        }

        files.Delete(path); // a reader has the file open: it would find other bytes in it, and take them for damage
        return false;
    }
}
