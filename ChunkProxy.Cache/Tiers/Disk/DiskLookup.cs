using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Finds and opens files of the tier on the reading threads. Keeps frequently read files open.</summary>
internal sealed class DiskLookup(
    DiskTree tree,
    DiskIndex index,
    DiskStore store,
    DiskReader reader,
    IDiskFiles files,
    DiskThreads threads,
    DiskBreaker breaker,
    DiskCounters counters)
{
    /// <summary>Files that stay open between reads.</summary>
    public required KeptFiles Kept { get; init; }

    /// <summary>All open chunk files.</summary>
    public required OpenHandles OpenFiles { get; init; }

    public ValueTask<DiskChunk?> OpenAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var entry = index.Enter(chunk.Key);
        return entry?.TryUseKept() is { } kept
            ? new(Found(new DiskChunk(reader, chunk, kept, entry)))
            : FindChunkAsync(chunk, entry, cancellationToken);
    }

    public async ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken)
    {
        var key = DiskTree.RecordKey(id);
        var found = await FindAsync(key, index.Enter(key), places: null, entry => ReadRecord(id, chunkSize, entry), cancellationToken);
        found?.Entry?.Leave();
        return found?.Version;
    }

    public void CloseKept() => Kept.Clear();

    private async ValueTask<DiskChunk?> FindChunkAsync(Chunk chunk, DiskEntry? known, CancellationToken cancellationToken)
    {
        var opened = await FindAsync(chunk.Key, known, OpenFiles, entry => Open(chunk, entry), cancellationToken);
        if (opened is null)
        {
            Interlocked.Increment(ref counters.Misses);
            return null;
        }

        return Found(opened);
    }

    private DiskChunk Found(DiskChunk chunk)
    {
        Interlocked.Increment(ref counters.Hits);
        index.Touch(DiskTree.RecordKey(chunk.Chunk.Version.Id)); // the record must not be evicted before its chunks
        return chunk;
    }

    /// <summary>Runs the work on a reading thread if the file may exist. A result takes ownership of the entry, and of the place if there are places.</summary>
    private async ValueTask<T?> FindAsync<T>(
        ChunkKey key, DiskEntry? entry, OpenHandles? places, Func<DiskEntry?, T?> work, CancellationToken cancellationToken)
        where T : class
    {
        if (!breaker.MayTry || threads.IsFull)
        {
            entry?.Leave();
            return null;
        }

        if (entry is null && store.IsReady)
        {
            // Until the index is complete, a missing entry does not mean a missing file. It may have been completed just now.
            entry = index.Enter(key);
            if (entry is null)
            {
                return null;
            }
        }

        T? result = null;
        var hasPlace = false;
        try
        {
            hasPlace = places is not null && await places.TryEnterAsync(cancellationToken);
            if (hasPlace == (places is not null))
            {
                result = await threads.RunAsync(() => Try(key, entry, work), cancellationToken);
            }
        }
        catch (TaskSchedulerException)
        {
            // the tier was disposed
        }
        finally
        {
            if (result is null)
            {
                entry?.Leave();
                if (hasPlace)
                {
                    places!.Leave();
                }
            }
        }

        return result;
    }

    private T? Try<T>(ChunkKey key, DiskEntry? entry, Func<DiskEntry?, T?> work)
        where T : class
    {
        try
        {
            var result = work(entry);
            breaker.Succeeded();
            if (result is null)
            {
                store.DeleteDamaged(key, entry);
            }

            return result;
        }
        catch (Exception e) when (DiskFault.IsMissingFile(e))
        {
            if (entry is not null)
            {
                index.Remove(entry);
            }
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            breaker.Failed(e);
        }

        return null;
    }

    private DiskChunk? Open(Chunk chunk, DiskEntry? entry)
    {
        if (ChunkFile.TryOpen(files, tree.PathOf(chunk.Key), chunk, OpenFiles) is not { } file)
        {
            return null;
        }

        if (entry is not null && file.MayStay)
        {
            Kept.Keep(entry, file);
        }

        return new DiskChunk(reader, chunk, file, entry);
    }

    private FoundVersion? ReadRecord(ObjectId id, int chunkSize, DiskEntry? entry)
    {
        using var file = files.Open(tree.PathOf(DiskTree.RecordKey(id)));
        var length = files.LengthOf(file);
        if (length > VersionRecord.MaxLength)
        {
            return null;
        }

        var record = new byte[length];
        return files.Read(file, record, 0) == record.Length && VersionRecord.TryDecode(record, id, chunkSize) is { } version
            ? new FoundVersion(version, entry)
            : null;
    }

    private sealed record FoundVersion(ObjectVersion Version, DiskEntry? Entry);
}
