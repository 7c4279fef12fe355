using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Queues chunks and records for the writing thread. The queue is bounded, because it holds the memory of what it writes.</summary>
/// <param name="index">Files already on disk.</param>
/// <param name="store">Writes the files.</param>
/// <param name="writer">The single writing thread.</param>
/// <param name="breaker">While it is open, nothing is queued.</param>
/// <param name="counters">Counts dropped writes.</param>
/// <param name="limit">Upper bound of queued bytes.</param>
internal sealed class DiskWriteQueue(DiskIndex index, DiskStore store, DiskThreads writer, DiskBreaker breaker, DiskCounters counters, long limit)
{
    private long _queuedBytes;

    /// <summary>Queues a complete chunk with a reference to its buffer. Dropped and counted when the queue is full or the disk fails.</summary>
    public void Store(Chunk chunk, ChunkBuffer complete)
    {
        if (index.Contains(chunk.Key))
        {
            return; // equal keys mean equal bytes
        }

        if (complete.Length != chunk.Length || !breaker.MayTry || !complete.TryRetain())
        {
            Interlocked.Increment(ref counters.DroppedWrites);
        }
        else if (!TryQueue(complete.Length, () => Write(chunk, complete)))
        {
            complete.Release();
        }
    }

    /// <summary>Queues the record of a version. It replaces the object's previous record.</summary>
    public void StoreVersion(ObjectVersion version)
    {
        if (breaker.MayTry)
        {
            TryQueue(version.Weight, () => WriteRecord(version));
        }
        else
        {
            Interlocked.Increment(ref counters.DroppedWrites);
        }
    }

    private bool TryQueue(long bytes, Action write)
    {
        // A chunk larger than the limit may wait alone.
        var queued = Interlocked.Add(ref _queuedBytes, bytes);
        if ((queued <= limit || queued == bytes) && writer.TryPost(() => Run(bytes, write)))
        {
            return true;
        }

        Interlocked.Add(ref _queuedBytes, -bytes);
        Interlocked.Increment(ref counters.DroppedWrites);
        return false;
    }

    private void Run(long bytes, Action write)
    {
        try
        {
            write();
        }
        finally
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
        }
    }

    private void Write(Chunk chunk, ChunkBuffer complete)
    {
        try
        {
            if (!index.Contains(chunk.Key))
            {
                ReadOnlyMemory<byte> bytes = complete.Memory;
                store.Write(chunk.Key, ChunkFileHeader.Encode(chunk, BlockChecksums.Of(bytes.Span, DiskTier.BlockSize)), bytes);
            }
        }
        finally
        {
            complete.Release();
        }
    }

    private void WriteRecord(ObjectVersion version)
    {
        var record = VersionRecord.Encode(version);
        if (record.Length <= VersionRecord.MaxLength)
        {
            store.Write(DiskTree.RecordKey(version.Id), record);
        }
    }
}
