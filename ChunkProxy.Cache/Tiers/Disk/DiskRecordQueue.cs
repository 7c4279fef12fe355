using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Queues the records of versions for the writing thread. The queue is bounded, because it holds the memory of what it writes.</summary>
/// <param name="store">Writes the files.</param>
/// <param name="writer">The single writing thread.</param>
/// <param name="breaker">While it is open, nothing is queued.</param>
/// <param name="counters">Counts lost writes.</param>
/// <param name="limit">Upper bound of the queued bytes. A record larger than it may wait alone.</param>
internal sealed class DiskRecordQueue(DiskStore store, DiskThreads writer, DiskBreaker breaker, DiskCounters counters, long limit)
{
    private long _queuedBytes;

    /// <summary>Queues the record of a version. It replaces the object's previous record. Lost and counted when the queue is full or the disk fails.</summary>
    public void Store(ObjectVersion version)
    {
        var weight = version.Weight;
        var queued = Interlocked.Add(ref _queuedBytes, weight);
        if (!breaker.MayTry || (queued > limit && queued != weight) || !writer.TryPost(() => Write(version, weight)))
        {
            Interlocked.Add(ref _queuedBytes, -weight);
            Interlocked.Increment(ref counters.DroppedWrites);
        }
    }

    private void Write(ObjectVersion version, long weight)
    {
        Interlocked.Add(ref _queuedBytes, -weight);
        var record = VersionRecord.Encode(version);
        if (record.Length <= VersionRecord.MaxLength && store.Write(DiskTree.RecordKey(version.Id), record) is not DiskWriteOutcome.Written)
        {
            Interlocked.Increment(ref counters.DroppedWrites);
        }
    }
}
