namespace ChunkProxy.Cache.Eviction;

/// <summary>Access to the entries of a policy, wherever they are stored: objects, or numbered slots of an array. Guarded by the policy's lock.</summary>
/// <typeparam name="TNode">Reference to an entry.</typeparam>
internal interface IEvictionNodes<TNode>
{
    /// <summary>The reference to no entry: the end of a queue.</summary>
    TNode None { get; }

    bool IsNone(TNode node);

    /// <summary>Bytes that eviction frees.</summary>
    long SizeOf(TNode node);

    /// <summary>A uniformly distributed hash of the entry's key.</summary>
    uint HashOf(TNode node);

    /// <summary>The entry is being read, so evicting it would free nothing yet. May change at any time.</summary>
    bool IsInUse(TNode node);

    EvictionPlace PlaceOf(TNode node);

    void SetPlace(TNode node, EvictionPlace place);

    TNode OlderOf(TNode node);

    void SetOlder(TNode node, TNode older);

    TNode NewerOf(TNode node);

    void SetNewer(TNode node, TNode newer);

    /// <summary>Hits since the policy last looked, from 0 to <see cref="S3Fifo{TNode,TNodes}.Proof"/>.</summary>
    int HitsOf(TNode node);

    void ClearHits(TNode node);
}
