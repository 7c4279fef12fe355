using System.Buffers;
using System.IO.Hashing;
using ChunkProxy.Cache.Chunks;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Finds and reads the tier's files, on the reading threads, and lets no byte out that was not verified.</summary>
internal sealed class DiskReader(
    DiskTree tree, DiskIndex index, DiskStore store, IDiskFiles files, DiskThreads threads, DiskBreaker breaker, DiskCounters counters, int queueLimit)
{
    public async ValueTask<DiskChunk?> OpenAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var opened = await FindAsync(chunk.Key, entry => Open(chunk, entry), cancellationToken);
        if (opened is null)
        {
            Interlocked.Increment(ref counters.Misses);
            return null;
        }

        Interlocked.Increment(ref counters.Hits);
        index.Touch(DiskTree.RecordKey(chunk.Version.Id)); // the record must not be evicted before its chunks
        return opened;
    }

    public async ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken)
    {
        var found = await FindAsync(DiskTree.RecordKey(id), entry => ReadRecord(id, chunkSize, entry), cancellationToken);
        found?.Entry?.Leave();
        return found?.Version;
    }

    /// <summary>Reads and verifies blocks of a chunk. False: the file is damaged or cannot be read, and has been deleted.</summary>
    public async ValueTask<bool> ReadAsync(DiskChunk chunk, int offset, Memory<byte> destination, CancellationToken cancellationToken)
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

    public void Close(SafeFileHandle file, DiskEntry? entry)
    {
        // The last close of a deleted file frees its blocks, which can take milliseconds: not on the caller's thread.
        if (entry is not { IsGone: true } || !threads.TryPost(() => CloseNow(file, entry)))
        {
            CloseNow(file, entry);
        }
    }

    private static void CloseNow(SafeFileHandle file, DiskEntry? entry)
    {
        file.Dispose();
        entry?.Leave();
    }

    /// <summary>Runs the work on a reading thread if the file may be there. Work that returns something has taken the entry over.</summary>
    private async ValueTask<T?> FindAsync<T>(ChunkKey key, Func<DiskEntry?, T?> work, CancellationToken cancellationToken)
        where T : class
    {
        if (!breaker.MayTry || threads.Backlog >= queueLimit)
        {
            return null;
        }

        var entry = index.Enter(key);
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
        var file = files.Open(tree.PathOf(chunk.Key));
        var length = ChunkFileHeader.LengthFor(chunk);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        ulong[]? checksums = null;
        try
        {
            var header = buffer.AsSpan(0, length);
            if (files.LengthOf(file) == length + (long)chunk.Length && files.Read(file, header, 0) == length)
            {
                checksums = ChunkFileHeader.TryDecode(header, chunk);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (checksums is null)
            {
                file.Dispose();
            }
        }

        return checksums is null ? null : new DiskChunk(this, chunk, file, entry, length, checksums);
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

    private bool Read(DiskChunk chunk, int offset, Span<byte> destination)
    {
        if (chunk.IsDamaged)
        {
            return false;
        }

        Interlocked.Increment(ref counters.Reads);
        try
        {
            var count = files.Read(chunk.File, destination, chunk.HeaderLength + offset);
            breaker.Succeeded();
            if (count == destination.Length && IsIntact(destination, chunk.Checksums[(offset / DiskTier.BlockSize)..]))
            {
                Interlocked.Add(ref counters.ReadBytes, count);
                return true;
            }
        }
        catch (Exception e) when (DiskFault.IsOne(e))
        {
            breaker.Failed(e);
        }

        chunk.IsDamaged = true;
        store.DeleteDamaged(chunk.Key, chunk.Entry);
        return false;
    }

    private static bool IsIntact(ReadOnlySpan<byte> blocks, ReadOnlySpan<ulong> checksums)
    {
        for (var i = 0; !blocks.IsEmpty; i++)
        {
            var block = blocks[..Math.Min(DiskTier.BlockSize, blocks.Length)];
            if (XxHash3.HashToUInt64(block) != checksums[i])
            {
                return false;
            }

            blocks = blocks[block.Length..];
        }

        return true;
    }

    private sealed record FoundVersion(ObjectVersion Version, DiskEntry? Entry);
}
