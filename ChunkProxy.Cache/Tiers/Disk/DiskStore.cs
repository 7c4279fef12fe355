using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Creates and deletes the tier's files. Disk faults go to the breaker; only <see cref="TakeDirectory"/> throws them.</summary>
/// <remarks>
/// All members except <see cref="DeleteDamaged"/>, <see cref="Stop"/> and the properties run on the single writing thread, in the order requested.
/// So the scan, which comes first, completes before any write, and no two writes reserve space at once.
/// </remarks>
internal sealed partial class DiskStore(
    DiskTree tree, DiskIndex index, DiskRoom room, DiskScan scan, IDiskFiles files, DiskBreaker breaker, DiskCounters counters, ILogger logger) : IDisposable
{
    private readonly StoredObjects _objects = new(tree, files);
    private DirectoryLock? _lock;
    private long _temporaryNumber;
    private volatile bool _isReady;
    private volatile bool _isTaken;

    /// <summary>Whether the index contains every file on disk.</summary>
    public bool IsReady => _isReady;

    /// <summary>Checks that the disk is mounted; null: no check.</summary>
    public DirectoryMount? Mount { get; init; }

    /// <summary>Whether the directory was locked once.</summary>
    public bool IsTaken => _isTaken;

    /// <exception cref="DirectoryInUseException">Another process uses the directory.</exception>
    public void TakeDirectory()
    {
        Mount?.Require();
        files.CreateDirectory(tree.Directory);
        if (Mount is not null && FileOwner.FaultOf(tree.Directory) is { } fault)
        {
            throw new IOException(fault); // it was not there at the start, when the others were checked
        }

        if (_lock is not null && File.Exists(tree.LockFile))
        {
            return;
        }

        _lock?.Dispose(); // the lock file was deleted with its directory: the lock held is on a file that no other process can open
        _lock = null;
        _lock = DirectoryLock.Acquire(tree);
        _isTaken = true;
    }

    /// <summary>Scans the directory into the index unless that is done.</summary>
    public void TryPrepare() => Guard(Prepare);

    /// <summary>Writes a file.</summary>
    public DiskWriteOutcome Write(ChunkKey key, params ReadOnlyMemory<byte>[] parts)
    {
        var size = DiskEntry.SizeOnDisk(parts.Sum(part => (long)part.Length));
        var outcome = DiskWriteOutcome.Failed;
        Guard(() =>
        {
            Prepare();
            if (_isReady)
            {
                outcome = TryWrite(key, parts, size) ? DiskWriteOutcome.Written : DiskWriteOutcome.NoRoom;
            }
        }, size);
        if (outcome is DiskWriteOutcome.Written)
        {
            Interlocked.Increment(ref counters.Writes);
        }

        return outcome;
    }

    public void Delete(ChunkKey key) => Guard(() => DeleteFile(key));

    public void DeleteVersion(ObjectVersion version) => Guard(() =>
    {
        foreach (var key in index.KeysOf(version.Hash))
        {
            DeleteFile(key);
        }
    });

    /// <summary>Returns one more than the last number of a version, for <see cref="DeleteObjects"/> and <see cref="DeleteNamed"/>.</summary>
    public int BeginDeletion()
    {
        Guard(() => _objects.ForgetUnless(index.ContainsVersion));
        return index.EndOfVersions;
    }

    /// <summary>Deletes the chunks and records of the versions with these numbers whose objects match. Returns the deleted chunks with their size on disk in bytes.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="end">One more than the last number.</param>
    /// <param name="isToGo">Selects the objects.</param>
    public IReadOnlyList<(Hash128 Object, ChunkKey Key, long Bytes)> DeleteObjects(int first, int end, Func<StoredObject, bool> isToGo)
    {
        var gone = new List<(Hash128, ChunkKey, long)>();
        Guard(() =>
        {
            for (var version = first; version < end && version < index.EndOfVersions; version++) // a fault may have cleared the index meanwhile
            {
                List<ChunkKey> keys = [.. index.KeysOf(version)];
                if (keys.Select(_objects.Of).FirstOrDefault(it => it is not null) is not { } stored || !isToGo(stored))
                {
                    continue; // one header decides for all files of the version
                }

                foreach (var key in keys)
                {
                    if (index.SizeOf(key) is not { } size)
                    {
                        continue;
                    }

                    DeleteFile(key);
                    if (!DiskTree.IsRecord(key))
                    {
                        gone.Add((stored.Id, key, size));
                    }
                }
            }
        });
        return gone;
    }

    /// <summary>Deletes the chunks of the versions with these numbers that match, and the records of their objects. Reads one header for each version.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="end">One more than the last number.</param>
    /// <param name="isToGo">Selects the versions.</param>
    public bool DeleteNamed(int first, int end, Func<StoredName, bool> isToGo)
    {
        Guard(() =>
        {
            for (var version = first; version < end; version++)
            {
                List<ChunkKey> chunks = [.. index.KeysOf(version).Where(key => !DiskTree.IsRecord(key))];
                if (chunks is [var one, ..] && _objects.NameOf(one) is { } stored && isToGo(stored))
                {
                    chunks.ForEach(DeleteFile);
                    var record = DiskTree.RecordKey(StableHash.Of(stored.Name));
                    if (index.Contains(record))
                    {
                        DeleteFile(record); // a later one costs the origin one question
                    }
                }
            }
        });
        return true;
    }

    /// <summary>Deletes a damaged or foreign file. Any thread.</summary>
    public void DeleteDamaged(ChunkKey key, DiskEntry? entry)
    {
        if (entry is not null && !index.TryCondemn(entry))
        {
            return; // another reader found the damage first
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
            breaker.Failed(e); // stays charged and condemned; eviction tries again
        }
    }

    /// <summary>Stops a running scan. Any thread.</summary>
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
                _isReady = false; // directories were deleted externally: the index is invalid until the next scan
                index.Clear();
            }

            breaker.Failed(e, bytes);
        }
        catch (Exception e)
        {
            LogUnexpectedError(logger, e); // the writing thread's work is not awaited, and its other work continues
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
        var temporary = tree.TemporaryPath(key, _temporaryNumber++);
        if (!DiskSlots.CanHold(key, size) || !room.TryMakeDirectory(outer) || !room.TryMakeDirectory(inner) || !room.TryReserve(size, temporary, out var isReused))
        {
            return false;
        }

        try
        {
            // No fsync: a crash may lose or tear the file, and a torn file fails its checksums.
            if (isReused)
            {
                files.Overwrite(temporary, parts);
            }
            else
            {
                files.Write(temporary, parts);
            }

            files.Rename(temporary, tree.PathOf(key));
        }
        catch
        {
            Abandon(temporary, size);
            throw;
        }

        index.Add(key, size);
        breaker.Succeeded(size);
        return true;
    }

    private void Abandon(string temporary, long size)
    {
        try
        {
            files.Delete(temporary);
            index.Space.Refund(size);
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            _isReady = false; // stays charged until a scan deletes it
        }
    }

    private void DeleteFile(ChunkKey key)
    {
        files.Delete(tree.PathOf(key));
        index.Remove(key); // only this thread adds files
    }

    [LoggerMessage(11, LogLevel.Warning, "{Path} is damaged or a foreign file; counting a miss and deleting it")]
    private static partial void LogDamaged(ILogger logger, string path);

    [LoggerMessage(12, LogLevel.Error, "Unexpected error in the disk writer")]
    private static partial void LogUnexpectedError(ILogger logger, Exception exception);
}
