namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Scans the directory: indexes the tier's files and deletes all others. The writing thread waits for it.</summary>
/// <remarks>
/// It takes one thread of low priority, so beside readers it gets the rest of the processor and of the disk: with millions of files it runs for a
/// minute or more, during which reads do not need it.
/// </remarks>
internal sealed partial class DiskScan(
    DiskTree tree, DiskIndex index, DiskRoom room, IDiskFiles files, DiskCounters counters, TimeProvider time, ILogger logger)
{
    private volatile bool _isStopped;

    public bool IsStopped => _isStopped;

    /// <summary>Stops a running scan and prevents further ones. Any thread.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Scans the whole directory. Returns false when stopped early.</summary>
    public bool Run() => LowPriority.Run("disk cache scan", Scan);

    private bool Scan()
    {
        var started = time.GetTimestamp();
        files.CreateDirectory(tree.Root);
        room.NoteRoot();
        var (leftovers, foreign) = (0, 0);
        foreach (var found in files.Walk(tree.Root))
        {
            if (_isStopped)
            {
                return false;
            }

            if (found.IsDirectory)
            {
                room.NoteDirectory(found.Path);
            }
            else if (DiskTree.IsTemporary(found.Path))
            {
                leftovers++;
                Discard(found);
            }
            else if (!tree.TryParse(found.Path, out var key)
                || found.Length == 0 // after a power failure before the data reached the disk
                || !DiskSlots.CanHold(key, DiskEntry.SizeOnDisk(found.Length)))
            {
                foreign++;
                Interlocked.Increment(ref counters.Damaged);
                Discard(found);
            }
            else if (room.TryReserve(DiskEntry.SizeOnDisk(found.Length)))
            {
                index.Add(key, DiskEntry.SizeOnDisk(found.Length));
            }
            else
            {
                Discard(found); // larger than the budget, which was reduced since the file was written
            }
        }

        LogScanned(logger, tree.Directory, index.Count, index.Space.UsedBytes, leftovers, foreign, time.GetElapsedTime(started));
        return true;
    }

    private void Discard(DirectoryEntry found)
    {
        try
        {
            files.Delete(found.Path);
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            index.Space.Charge(DiskEntry.SizeOnDisk(found.Length)); // it takes space all the same
            LogUndeletable(logger, e, found.Path);
        }
    }

    [LoggerMessage(10, LogLevel.Information, "Disk cache in {Directory}: {Files} files, {Bytes} bytes; deleted {Leftovers} unfinished and {Foreign} damaged or foreign files; scanned in {Duration}")]
    private static partial void LogScanned(ILogger logger, string directory, int files, long bytes, int leftovers, int foreign, TimeSpan duration);

    [LoggerMessage(13, LogLevel.Warning, "Cannot delete {Path}, which does not belong to the disk cache")]
    private static partial void LogUndeletable(ILogger logger, Exception exception, string path);
}
