namespace ChunkProxy.Cache.Eviction;

/// <summary>The keys of numbered slots, for <see cref="SlotTable{TKey,TKeys}"/>.</summary>
internal interface ISlotKeys<in TKey>
{
    /// <summary>A uniformly distributed hash.</summary>
    ulong HashOf(TKey key);

    /// <summary>The hash of the slot's key.</summary>
    ulong HashOfSlot(int slot);

    bool HasKey(int slot, TKey key);
}
