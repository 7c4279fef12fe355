namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Reads open chunks. Returns verified bytes only.</summary>
internal sealed class DiskReader(DiskStore store, IDiskFiles files, DiskThreads threads, DiskBreaker breaker, DiskCounters counters)
{
    /// <summary>Reads and verifies blocks of a chunk. False: the file was damaged or unreadable, and was deleted.</summary>
    /// <remarks>Bytes in the page cache are read and verified on the caller's thread, which takes no longer than a socket write.</remarks>
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

    private static void CloseNow(ChunkFile file, DiskEntry? entry)
    {
        file.Release();
        entry?.Leave();
    }

    private async ValueTask<bool> ReadOnThreadAsync(DiskChunk chunk, int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            return await threads.RunAsync(() => Read(chunk, offset, destination.Span), cancellationToken);
        }
        catch (TaskSchedulerException)
        {
            return false; // the tier was disposed
        }
    }

    // Returns false for a bad block: the read is repeated on a thread that may delete the file.
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
}
