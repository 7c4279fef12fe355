namespace ChunkProxy.Cache.Eviction;

/// <summary>One entry of a tier, as its eviction policy sees it. A tier derives its own from it and keeps it in its index.</summary>
/// <remarks>The links of the policy's queues are in the entry itself, so a hit needs no second look-up and a removal no search.</remarks>
internal class EvictionEntry<TKey>(TKey key, long size)
    where TKey : notnull
{
    public TKey Key { get; } = key;

    /// <summary>Bytes that eviction gives back.</summary>
    public long Size { get; } = size;

    /// <summary>Somebody reads it at this moment, so that eviction would give nothing back yet. May change at any time.</summary>
    public virtual bool IsInUse => false;

    /// <summary>The queue that holds the entry; null before it was added and after it left. Guarded by the policy's lock.</summary>
    internal EvictionQueue<TKey>? Queue { get; set; }

    internal EvictionEntry<TKey>? Older { get; set; }

    internal EvictionEntry<TKey>? Newer { get; set; }

    /// <summary>Hits since the policy looked last, up to a small maximum. Bumped without a lock: a lost bump is a hit not counted, no more.</summary>
    internal int Hits { get; set; }

    /// <summary>Where the policy's clock stood when the entry came in or a hit was last counted.</summary>
    internal long LastHit { get; set; }

    /// <summary>Set for good when a policy takes the entry.</summary>
    internal bool IsSpent { get; set; }
}
