namespace ChunkProxy.Cache.Eviction;

/// <summary>Decides which entries of a tier are evicted when room is needed, weighed in bytes. It knows keys and sizes, and moves no bytes.</summary>
/// <remarks>
/// The tier owns the budget and asks for victims until it has room; the policy never evicts by itself. Members may be called from any
/// thread. Every call costs O(1), amortized over the added entries.
/// </remarks>
internal interface IEvictionPolicy<TKey>
    where TKey : notnull
{
    /// <summary>Bytes that the policy is made for; the shares of its queues are fractions of them.</summary>
    long Capacity { get; }

    /// <summary>Bytes of all entries in the policy.</summary>
    long UsedBytes { get; }

    /// <summary>Number of entries in the policy.</summary>
    int Count { get; }

    /// <summary>Counts a hit. Takes no lock and allocates nothing; harmless on an entry that has left meanwhile.</summary>
    void Touch(EvictionEntry<TKey> entry);

    /// <summary>Adds a new entry. The policy may remember a key that left a short while ago, and place the entry accordingly.</summary>
    /// <exception cref="InvalidOperationException">The entry is or was in a policy: an entry can be added only once.</exception>
    void Add(EvictionEntry<TKey> entry);

    /// <summary>Removes an entry at the tier's request, without remembering it. Returns false if it had left already.</summary>
    bool Remove(EvictionEntry<TKey> entry);

    /// <summary>Chooses the next victim and removes it; skips entries in use. Returns false if there is no other entry.</summary>
    bool TryEvict([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EvictionEntry<TKey>? victim);
}
