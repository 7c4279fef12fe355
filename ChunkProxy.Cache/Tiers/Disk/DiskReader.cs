using System.Buffers;
using ChunkProxy.Cache.Chunks;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Finds and reads the tier's files, on the reading threads, and lets no byte out that was not verified.</summary>
internal sealed class DiskReader(
    DiskTree tree, DiskIndex index, DiskStore store, IDiskFiles files, DiskThreads threads, DiskBreaker breaker, DiskCounters counters, int queueLimit)
{
    private const int KeptFilesLimit = 1024;

    private readonly KeptFiles _kept = new(KeptFilesLimit);

    public ValueTask<DiskChunk?> OpenAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var entry = index.Enter(chunk.Key);
        return entry?.TryUseKept() is { } kept
            ? new(Found(new DiskChunk(this, chunk, kept, entry)))
            : FindChunkAsync(chunk, entry, cancellationToken);
    }

    public async ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken)
    {
        var key = DiskTree.RecordKey(id);
        var found = await FindAsync(key, index.Enter(key), entry => ReadRecord(id, chunkSize, entry), cancellationToken);
        found?.Entry?.Leave();
        return found?.Version;
    }

    /// <summary>Reads and verifies blocks of a chunk. False: the file is damaged or cannot be read, and has been deleted.</summary>
    /// <remarks>What the operating system has in memory is read and verified at once, on the caller's thread: no longer than a write to a socket takes.</remarks>
    public ValueTask<bool> ReadAsync(DiskChunk chunk, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<bool>(cancellationToken);
        }

        return TryReadCached(chunk, offset, destination.Span) ? new(true) : ReadOnThreadAsync(chunk, offset, destination, cancellationToken);
    }

    public void Close(ChunkFile file, DiskEntry? entry)
    {
        // The last close of a deleted file frees its blocks, which can take milliseconds: not on the caller's thread.
        if (entry is not { IsGone: true } || !threads.TryPost(() => CloseNow(file, entry)))
        {
            CloseNow(file, entry);
        }
    }

    public void CloseKept() => _kept.Clear();

    private static void CloseNow(ChunkFile file, DiskEntry? entry)
    {
        file.Release();
        entry?.Leave();
    }

    private async ValueTask<DiskChunk?> FindChunkAsync(Chunk chunk, DiskEntry? known, CancellationToken cancellationToken)
    {
        var opened = await FindAsync(chunk.Key, known, entry => Open(chunk, entry), cancellationToken);
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

    private async ValueTask<bool> ReadOnThreadAsync(DiskChunk chunk, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await threads.RunAsync(() => Read(chunk, offset, destination.Span), cancellationToken);
        }
        catch (TaskSchedulerException)
        {
            return false; // the tier has been disposed of
        }
    }

    /// <summary>Runs the work on a reading thread if the file may be there. Work that returns something has taken the entry over.</summary>
    private async ValueTask<T?> FindAsync<T>(ChunkKey key, DiskEntry? entry, Func<DiskEntry?, T?> work, CancellationToken cancellationToken)
        where T : class
    {
        if (!breaker.MayTry || threads.Backlog >= queueLimit)
        {
            entry?.Leave();
            return null;
        }

        if (entry is null && store.IsReady)
        {
            return null; // before the index is complete the file system is asked
        }

        T? result = null;
        try
        {
            result = await threads.RunAsync(() => Try(key, entry, work), cancellationToken);
        }
        catch (TaskSchedulerException)
        {
            // the tier has been disposed of
        }
        finally
        {
            if (result is null)
            {
                entry?.Leave();
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
        var handle = files.Open(tree.PathOf(chunk.Key));
        ChunkFile? file = null;
        try
        {
            file = Verify(handle, chunk);
        }
        finally
        {
            if (file is null)
            {
                handle.Dispose();
            }
        }

        if (file is null)
        {
            return null;
        }

        if (entry is not null)
        {
            _kept.Keep(entry, file);
        }

        return new DiskChunk(this, chunk, file, entry);
    }

    private ChunkFile? Verify(SafeFileHandle handle, Chunk chunk)
    {
        var length = files.LengthOf(handle) - chunk.Length;
        if (length <= 0 || length > ChunkFileHeader.MaxLengthFor(chunk))
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var header = buffer.AsSpan(0, (int)length);
            return files.Read(handle, header, 0) == header.Length && ChunkFileHeader.TryDecode(header, chunk) is { } checksums
                ? new ChunkFile(handle, header.Length, checksums)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
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

    // A block that is not intact is read again on a thread that may delete its file.
    private bool TryReadCached(DiskChunk chunk, int offset, Span<byte> destination)
    {
        var file = chunk.File;
        if (file.IsDamaged
            || files.ReadCached(file.Handle, destination, file.HeaderLength + offset) != destination.Length
            || !file.Checksums.Match(offset, destination))
        {
            return false;
        }

        CountRead(destination.Length);
        return true;
    }

    private bool Read(DiskChunk chunk, int offset, Span<byte> destination)
    {
        var file = chunk.File;
        if (file.IsDamaged)
        {
            return false;
        }

        try
        {
            var count = files.Read(file.Handle, destination, file.HeaderLength + offset);
            breaker.Succeeded();
            if (count == destination.Length && file.Checksums.Match(offset, destination))
            {
                CountRead(count);
                return true;
            }
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            breaker.Failed(e);
        }

        file.IsDamaged = true;
        store.DeleteDamaged(chunk.Chunk.Key, chunk.Entry);
        return false;
    }

    private void CountRead(int bytes)
    {
        Interlocked.Increment(ref counters.Reads);
        Interlocked.Add(ref counters.ReadBytes, bytes);
    }

    private sealed record FoundVersion(ObjectVersion Version, DiskEntry? Entry);
}
