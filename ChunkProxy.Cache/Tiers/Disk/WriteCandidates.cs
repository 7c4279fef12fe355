namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Chunks that wait for the writing thread without a reference, the oldest first. Guarded by the lock of the queue, except <see cref="Bytes"/>.</summary>
/// <param name="limit">Upper bound of their bytes: more than memory holds.</param>
internal sealed class WriteCandidates(long limit)
{
    private readonly Queue<PendingWrite> _waiting = new();
    private long _bytes;

    public int Count => _waiting.Count;

    /// <summary>Bytes of the chunks. Any thread.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The oldest chunk, or null.</summary>
    public PendingWrite? First => _waiting.TryPeek(out var oldest) ? oldest : null;

    /// <summary>Adds a chunk. Beyond the limit the oldest are forgotten: they left memory while the disk was failing.</summary>
    public void Add(PendingWrite candidate)
    {
        _waiting.Enqueue(candidate);
        Interlocked.Add(ref _bytes, candidate.Chunk.Length);
        while (_bytes > limit)
        {
            RemoveFirst();
        }
    }

    public void RemoveFirst() => Interlocked.Add(ref _bytes, -_waiting.Dequeue().Chunk.Length);

    /// <summary>Removes all chunks and returns them.</summary>
    public IReadOnlyList<PendingWrite> TakeAll()
    {
        PendingWrite[] all = [.. _waiting];
        _waiting.Clear();
        Interlocked.Exchange(ref _bytes, 0);
        return all;
    }
}
