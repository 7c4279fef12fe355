namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Keeps frequently read files open, so that a read costs a single system call.</summary>
/// <remarks>At most <paramref name="limit"/> files; CLOCK evicts those not used for a round. The entry of a deleted file closes it at once.</remarks>
internal sealed class KeptFiles(int limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<DiskEntry> _entries = new();

    public void Keep(DiskEntry entry, ChunkFile file)
    {
        if (entry.TryKeep(file))
        {
            Add(entry)?.CloseKept();
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            while (_entries.TryDequeue(out var entry))
            {
                entry.CloseKept();
            }
        }
    }

    private DiskEntry? Add(DiskEntry entry)
    {
        lock (_gate)
        {
            DiskEntry? oldest = null;
            if (_entries.Count >= limit)
            {
                for (var left = _entries.Count; left > 0 && _entries.Peek().WasKeptUsed(); left--)
                {
                    _entries.Enqueue(_entries.Dequeue());
                }

                oldest = _entries.Dequeue();
            }

            _entries.Enqueue(entry);
            return oldest;
        }
    }
}
