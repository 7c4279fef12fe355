namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Holds the files that are read again and again open: a read then costs no system call but itself.</summary>
/// <remarks>As many as <paramref name="limit"/>; those that were not used for a round leave first (CLOCK). A file that is deleted is closed at once by its entry.</remarks>
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
