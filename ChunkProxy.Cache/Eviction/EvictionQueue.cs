namespace ChunkProxy.Cache.Eviction;

/// <summary>A linked list of entries from newest to oldest, with the links in the entries. Guarded by the policy's lock.</summary>
internal sealed class EvictionQueue<TKey>
    where TKey : notnull
{
    public EvictionEntry<TKey>? Newest { get; private set; }

    public EvictionEntry<TKey>? Oldest { get; private set; }

    public long Bytes { get; private set; }

    public int Count { get; private set; }

    public void Push(EvictionEntry<TKey> entry)
    {
        entry.Queue = this;
        entry.Older = Newest;
        entry.Newer = null;
        if (Newest is null)
        {
            Oldest = entry;
        }
        else
        {
            Newest.Newer = entry;
        }

        Newest = entry;
        Bytes += entry.Size;
        Count++;
    }

    public void Take(EvictionEntry<TKey> entry)
    {
        if (entry.Newer is null)
        {
            Newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        if (entry.Older is null)
        {
            Oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        entry.Queue = null;
        entry.Older = null; // a reader that still holds the entry must not keep its neighbours alive
        entry.Newer = null;
        Bytes -= entry.Size;
        Count--;
    }
}
