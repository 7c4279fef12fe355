using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The directories of the disk tier: chooses the one that a file is read from or written to.</summary>
internal sealed class DiskVolumes
{
    private readonly DiskPlacement? _placement; // null for a single directory

    private DiskVolumes(DiskVolume[] all, DiskPlacement? placement)
    {
        All = all;
        _placement = placement;
        if (placement is not null)
        {
            Array.ForEach(all, volume => volume.Elsewhere = pending => TryMove(pending, volume));
        }
    }

    public DiskVolume[] All { get; }

    /// <param name="directories">One for each directory.</param>
    /// <param name="time">Ends the pauses after faults.</param>
    /// <param name="logger">Receives faults.</param>
    /// <param name="files">File operations.</param>
    /// <param name="mountOf">Returns the check of a directory's disk. Not called for a single directory.</param>
    /// <exception cref="DirectoryInUseException">The disk tier of another process uses a directory.</exception>
    public static DiskVolumes Open(
        IReadOnlyList<DiskTierOptions> directories, TimeProvider time, ILogger logger, IDiskFiles files, Func<string, DirectoryMount> mountOf)
    {
        var all = new List<DiskVolume>();
        try
        {
            foreach (var options in directories)
            {
                all.Add(new DiskVolume(options, time, logger, files, directories.Count == 1 ? null : mountOf(Path.GetFullPath(options.Directory))));
            }
        }
        catch (DirectoryInUseException)
        {
            Task.Run(() => Task.WhenAll(all.Select(volume => volume.DisposeAsync().AsTask()))).GetAwaiter().GetResult(); // the start ends, and frees them
            throw;
        }

        return new DiskVolumes([.. all], all is [_] ? null : new DiskPlacement([.. all.Select((volume, i) => (volume.Directory, directories[i].Budget))]));
    }

    /// <summary>Whether a directory can be read now. One that was never locked may be in use by another process, or be another user's.</summary>
    public static bool MayRead(DiskVolume volume) => volume is { MayRead: true, IsTaken: true };

    /// <summary>Returns the directory whose index contains the file, the first in the file's order; null if none does. A single directory is always returned.</summary>
    public DiskVolume? With(ChunkKey key)
    {
        if (_placement is null)
        {
            return All[0];
        }

        Span<int> order = stackalloc int[All.Length];
        _placement.Rank(key, order);
        foreach (var number in order)
        {
            if (All[number] is var volume && MayRead(volume) && volume.Contains(key))
            {
                return volume;
            }
        }

        return null;
    }

    /// <summary>Returns the directory that writes the file: one in use with room in its queue, else one in use, else the first in the file's order.</summary>
    /// <param name="key">The chunk or record.</param>
    /// <param name="other">A directory that cannot write it.</param>
    public DiskVolume ToWrite(ChunkKey key, DiskVolume? other = null)
    {
        if (_placement is null)
        {
            return All[0];
        }

        Span<int> order = stackalloc int[All.Length];
        _placement.Rank(key, order);
        DiskVolume? inUse = null;
        foreach (var number in order)
        {
            var volume = All[number];
            if (volume != other && volume.MayWrite)
            {
                if (volume.HasRoom)
                {
                    return volume;
                }

                inUse ??= volume;
            }
        }

        return inUse ?? All[order[0]];
    }

    /// <summary>Returns all directories in the file's order.</summary>
    public IEnumerable<DiskVolume> RankFor(ChunkKey key)
    {
        if (_placement is null)
        {
            return All;
        }

        var order = new int[All.Length];
        _placement.Rank(key, order);
        return order.Select(number => All[number]);
    }

    private bool TryMove(PendingWrite pending, DiskVolume from)
    {
        var to = ToWrite(pending.Chunk.Key, from);
        if (to == from || !to.MayWrite)
        {
            return false;
        }

        to.Adopt(pending);
        return true;
    }
}
