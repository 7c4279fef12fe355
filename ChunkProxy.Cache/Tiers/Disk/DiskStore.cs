using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Makes and deletes the tier's files. What the disk does wrong is for the breaker to know; only <see cref="TakeDirectory"/> throws it.</summary>
/// <remarks>
/// All members but <see cref="DeleteDamaged"/>, <see cref="Stop"/> and the properties run on the one writing thread, in the order in which they were asked for.
/// So the scan, which comes first, is over before anything is written, and no two writes reserve room at once.
/// </remarks>
internal sealed partial class DiskStore(
    DiskTree tree, DiskIndex index, DiskRoom room, DiskScan scan, IDiskFiles files, DiskBreaker breaker, DiskCounters counters, ILogger logger) : IDisposable
{
    private readonly StoredObjects _objects = new(tree, files);
    private DirectoryLock? _lock;
    private long _temporaryNumber;
    private volatile bool _isReady;

    /// <summary>The index holds everything that is on disk.</summary>
    public bool IsReady => _isReady;

    /// <exception cref="DirectoryInUseException">Another process has the directory.</exception>
    public void TakeDirectory()
    {
        files.CreateDirectory(tree.Directory);
        if (_lock is not null && File.Exists(tree.LockFile))
        {
            return;
        }

        _lock?.Dispose(); // the lock file was deleted with its directory: what is held is the lock of a file that nobody else can see
        _lock = null;
        _lock = DirectoryLock.Acquire(tree);
    }

    /// <summary>Reads the directory into the index, unless that is done.</summary>
    public void TryPrepare() => Guard(Prepare);

    /// <summary>Writes a file, or counts it as dropped.</summary>
    public void Write(ChunkKey key, params ReadOnlyMemory<byte>[] parts)
    {
        var size = DiskEntry.SizeOnDisk(parts.Sum(part => (long)part.Length));
        var isWritten = false;
        Guard(() =>
        {
            Prepare();
            isWritten = _isReady && TryWrite(key, parts, size);
        }, size);
        Interlocked.Increment(ref isWritten ? ref counters.Writes : ref counters.DroppedWrites);
    }

    public void Delete(ChunkKey key) => Guard(() => DeleteFile(key));

    public void DeleteVersion(ObjectVersion version) => Guard(() =>
    {
        var directory = tree.DirectoriesOf(version.Chunk(0).Key).Inner;
        if (!room.HasDirectory(directory))
        {
            return;
        }

        foreach (var found in files.Walk(directory))
        {
            if (tree.TryParse(found.Path, out var key) && key.Version == version.Hash)
            {
                DeleteFile(key);
            }
        }
    });

    /// <summary>Deletes the chunks and the record of every object that the condition names, and returns what is gone with its size in bytes.</summary>
    public IReadOnlyList<(UInt128 Object, ChunkKey Key, long Bytes)> DeleteObjects(Func<StoredObject, bool> isToGo)
    {
        var gone = new List<(UInt128, ChunkKey, long)>();
        Guard(() =>
        {
            var versions = index.KeysByVersion();
            _objects.ForgetAllBut(versions);
            foreach (var version in versions)
            {
                foreach (var key in version)
                {
                    if (_objects.Of(key) is not { } stored || !isToGo(stored) || index.Find(key) is not { } entry)
                    {
                        continue;
                    }

                    DeleteFile(key);
                    if (!DiskTree.IsRecord(key))
                    {
                        gone.Add((stored.Id, key, entry.Size));
                    }
                }
            }
        });
        return gone;
    }

    /// <summary>Deletes a file that is not what it should be. Any thread.</summary>
    public void DeleteDamaged(ChunkKey key, DiskEntry? entry)
    {
        if (entry is not null && !entry.Condemn())
        {
            return; // another reader found out too
        }

        Interlocked.Increment(ref counters.Damaged);
        var path = tree.PathOf(key);
        LogDamaged(logger, path);
        try
        {
            files.Delete(path);
            if (entry is not null)
            {
                index.Remove(entry);
            }
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            breaker.Failed(e); // it stays charged and condemned, and eviction tries again
        }
    }

    /// <summary>Ends a scan that is under way. Any thread.</summary>
    public void Stop() => scan.Stop();

    public void Dispose() => _lock?.Dispose();

    private void Guard(Action work, long bytes = 0)
    {
        if (!breaker.MayTry)
        {
            return;
        }

        try
        {
            work();
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            if (DiskFault.IsMissingFile(e))
            {
                _isReady = false; // directories were deleted under us: nothing is known until the next scan
                index.Clear();
            }

            breaker.Failed(e, bytes);
        }
        catch (Exception e)
        {
            LogBug(logger, e); // nobody awaits the writing thread's work, and its other work goes on
        }
    }

    private void Prepare()
    {
        if (_isReady || scan.IsStopped)
        {
            return;
        }

        room.Clear();
        TakeDirectory();
        _isReady = scan.Run();
    }

    private bool TryWrite(ChunkKey key, ReadOnlyMemory<byte>[] parts, long size)
    {
        var (outer, inner) = tree.DirectoriesOf(key);
        if (!room.TryMakeDirectory(outer) || !room.TryMakeDirectory(inner) || !room.TryReserve(size))
        {
            return false;
        }

        var temporary = tree.TemporaryPath(_temporaryNumber++);
        try
        {
            files.Write(temporary, parts); // not synced: a crash may lose the file or tear it, and a torn one fails its checksums
            files.Rename(temporary, tree.PathOf(key));
        }
        catch
        {
            Abandon(temporary, size);
            throw;
        }

        index.Add(new DiskEntry(key, size));
        breaker.Succeeded(size);
        return true;
    }

    private void Abandon(string temporary, long size)
    {
        try
        {
            files.Delete(temporary);
            index.Refund(size);
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            _isReady = false; // it stays charged until another scan has deleted it
        }
    }

    private void DeleteFile(ChunkKey key)
    {
        var entry = index.Find(key);
        files.Delete(tree.PathOf(key));
        if (entry is not null)
        {
            index.Remove(entry);
        }
    }

    [LoggerMessage(11, LogLevel.Warning, "{Path} is damaged or a foreign file; counting a miss and deleting it")]
    private static partial void LogDamaged(ILogger logger, string path);

    [LoggerMessage(12, LogLevel.Error, "Unexpected error in the disk writer")]
    private static partial void LogBug(ILogger logger, Exception exception);
}
