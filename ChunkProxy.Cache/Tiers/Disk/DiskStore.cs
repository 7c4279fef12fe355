using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Makes, finds and deletes the tier's files, and holds the budget: room is charged, made by eviction if need be, and then written to.</summary>
/// <remarks>
/// All members but <see cref="DeleteDamaged"/> and the properties run on the one writing thread, in the order in which they were asked for.
/// So the scan, which comes first, is over before anything is written, and no two writes reserve room at once.
/// </remarks>
internal sealed partial class DiskStore(
    DiskTree tree, DiskIndex index, IDiskFiles files, DiskBreaker breaker, DiskCounters counters, TimeProvider time, ILogger logger) : IDisposable
{
    private const long DirectorySize = 4096;

    private readonly HashSet<string> _directories = [];
    private readonly Dictionary<UInt128, StoredObject?> _objects = []; // of versions
    private DirectoryLock? _lock;
    private long _temporaryNumber;
    private volatile bool _isReady;
    private volatile bool _isStopping;

    /// <summary>The index holds everything that is on disk.</summary>
    public bool IsReady => _isReady;

    /// <summary>Directories stay once made, so they are room that eviction cannot give back. The root is one more than those below it.</summary>
    private long Overhead => (_directories.Count + 1) * DirectorySize;

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
        if (!_directories.Contains(directory))
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
    /// <remarks>
    /// Names of files tell the version and not the object. The header of one file of each version does, once: what it said is remembered for as long as
    /// something of the version is here.
    /// </remarks>
    public IReadOnlyList<(UInt128 Object, ChunkKey Key, long Bytes)> DeleteObjects(Func<StoredObject, bool> isToGo)
    {
        var gone = new List<(UInt128, ChunkKey, long)>();
        Guard(() =>
        {
            var versions = index.KeysByVersion();
            foreach (var version in _objects.Keys.Where(version => !versions.Contains(version)).ToList())
            {
                _objects.Remove(version);
            }

            foreach (var version in versions)
            {
                foreach (var key in version)
                {
                    if (ObjectOf(key) is not { } stored || !isToGo(stored) || index.Find(key) is not { } entry)
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
    public void Stop() => _isStopping = true;

    public void Dispose() => _lock?.Dispose();

    private StoredObject? ObjectOf(ChunkKey key)
    {
        if (DiskTree.IsRecord(key))
        {
            return new StoredObject(key.Version, 0); // what it says of later generations can be found out again
        }

        if (!_objects.TryGetValue(key.Version, out var stored))
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
                _objects.Add(key.Version, stored);
            }
        }

        return stored;
    }

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
        if (_isReady || _isStopping)
        {
            return;
        }

        var started = time.GetTimestamp();
        index.Clear();
        _directories.Clear();
        TakeDirectory();
        files.CreateDirectory(tree.Root);
        files.CreateDirectory(tree.Temporary);
        index.Charge(DirectorySize);
        var (leftovers, foreign) = (0, 0);
        foreach (var found in files.Walk(tree.Root))
        {
            if (_isStopping)
            {
                return;
            }

            if (found.IsDirectory)
            {
                index.Charge(DirectorySize);
                _directories.Add(found.Path);
            }
            else if (tree.IsTemporary(found.Path))
            {
                leftovers++;
                Discard(found);
            }
            else if (!tree.TryParse(found.Path, out var key) || found.Length == 0) // empty: a power failure came before the bytes
            {
                foreign++;
                Interlocked.Increment(ref counters.Damaged);
                Discard(found);
            }
            else if (TryReserve(DiskEntry.SizeOnDisk(found.Length)))
            {
                index.Add(new DiskEntry(key, DiskEntry.SizeOnDisk(found.Length)));
            }
            else
            {
                Discard(found); // larger than the whole budget, which may have been larger when it was written
            }
        }

        _isReady = true;
        LogScanned(logger, tree.Directory, index.Count, index.UsedBytes, leftovers, foreign, time.GetElapsedTime(started));
    }

    private void Discard(DirectoryEntry found)
    {
        try
        {
            files.Delete(found.Path);
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            index.Charge(DiskEntry.SizeOnDisk(found.Length)); // it takes room, like it or not
            LogUndeletable(logger, e, found.Path);
        }
    }

    private bool TryWrite(ChunkKey key, ReadOnlyMemory<byte>[] parts, long size)
    {
        var (outer, inner) = tree.DirectoriesOf(key);
        if (!TryMakeDirectory(outer) || !TryMakeDirectory(inner) || !TryReserve(size))
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

    private bool TryMakeDirectory(string path)
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

    private bool TryReserve(long bytes)
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

    private void DeleteFile(ChunkKey key)
    {
        var entry = index.Find(key);
        files.Delete(tree.PathOf(key));
        if (entry is not null)
        {
            index.Remove(entry);
        }
    }

    [LoggerMessage(10, LogLevel.Information, "The disk cache in {Directory} holds {Files} files in {Bytes} bytes; {Leftovers} unfinished and {Foreign} torn or foreign files deleted; scanned in {Duration}.")]
    private static partial void LogScanned(ILogger logger, string directory, int files, long bytes, int leftovers, int foreign, TimeSpan duration);

    [LoggerMessage(11, LogLevel.Warning, "{Path} is damaged, or another file under its name. It counts as a miss and is deleted.")]
    private static partial void LogDamaged(ILogger logger, string path);

    [LoggerMessage(13, LogLevel.Warning, "{Path} does not belong into the disk cache and cannot be deleted.")]
    private static partial void LogUndeletable(ILogger logger, Exception exception, string path);

    [LoggerMessage(12, LogLevel.Error, "The disk cache's writer met an error that is not the disk's.")]
    private static partial void LogBug(ILogger logger, Exception exception);
}
