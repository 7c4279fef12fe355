namespace ChunkProxy.Cache.Eviction;

/// <summary>The queue of a policy that contains an entry.</summary>
internal enum EvictionPlace : byte
{
    /// <summary>Not added yet, evicted, or removed.</summary>
    None,

    /// <summary>The queue of new entries.</summary>
    Small,

    /// <summary>The queue of entries that were hit again.</summary>
    Main,
}
