namespace ChunkProxy.Cache.Eviction;

/// <summary>Decides which entries of a tier leave when room is needed, weighed in bytes. It knows keys and sizes and moves no bytes.</summary>
/// <remarks>
/// The tier owns the budget and asks for victims until it has room; the policy never evicts of its own accord. Members may be called
/// from any thread. All cost O(1), amortized over the entries that came in.
/// </remarks>
internal interface IEvictionPolicy<TKey>
    where TKey : notnull
{
    /// <summary>Bytes for which the policy was made; the shares of its queues are parts of it.</summary>
    long Capacity { get; }

    /// <summary>Bytes of all entries that it holds.</summary>
    long UsedBytes { get; }

    /// <summary>Entries that it holds.</summary>
    int Count { get; }

    /// <summary>Notes a hit. Takes no lock and allocates nothing; harmless on an entry that has left meanwhile.</summary>
    void Touch(EvictionEntry<TKey> entry);

    /// <summary>Takes a new entry in. A key that left a short while ago may be remembered, and the entry placed accordingly.</summary>
    /// <exception cref="InvalidOperationException">The entry is or was in a policy: an entry is used once.</exception>
    void Add(EvictionEntry<TKey> entry);

    /// <summary>Takes an entry out at the tier's wish; it is not remembered. False if it had left already.</summary>
    bool Remove(EvictionEntry<TKey> entry);

    /// <summary>Chooses the entry to leave next and takes it out, passing over those in use. False when there is no other.</summary>
    bool TryEvict([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out EvictionEntry<TKey>? victim);
}
