namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A slot that can be a member of a list of free slots.</summary>
internal interface ILinkedSlot
{
    /// <summary>Number of another slot. While the slot is free, <see cref="SlotPages{T}"/> uses it.</summary>
    int Link { get; set; }
}
