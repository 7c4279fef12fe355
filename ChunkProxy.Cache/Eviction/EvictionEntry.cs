namespace ChunkProxy.Cache.Eviction;

/// <summary>An entry of a tier, as its eviction policy sees it. A tier derives its own type and keeps it in its index.</summary>
/// <remarks>The entry itself contains the links of the policy's queues, so a hit needs no second lookup and a removal no search.</remarks>
internal class EvictionEntry<TKey>(TKey key, long size)
    where TKey : notnull
{
    public TKey Key { get; } = key;

    /// <summary>Bytes that eviction frees.</summary>
    public long Size { get; } = size;

    /// <summary>The entry is being read, so evicting it would free nothing yet. May change at any time.</summary>
    public virtual bool IsInUse => false;

    /// <summary>Guarded by the policy's lock.</summary>
    internal EvictionPlace Place { get; set; }

    internal EvictionEntry<TKey>? Older { get; set; }

    internal EvictionEntry<TKey>? Newer { get; set; }

    /// <summary>Hits since the policy last looked, up to a small maximum. Incremented without a lock: a lost increment only loses one hit.</summary>
    internal byte Hits { get; set; }

    /// <summary>The policy's clock when the entry was added or a hit was last counted.</summary>
    internal long LastHit { get; set; }

    /// <summary>Set permanently when a policy accepts the entry.</summary>
    internal bool IsSpent { get; set; }
}
