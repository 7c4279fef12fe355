using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Status;

/// <summary>The tiers of this process.</summary>
internal sealed class LocalTiers(MemoryTier memory, DiskTier? disk = null, SuperHotTier? superHot = null)
{
    public MemoryTier Memory => memory;

    /// <summary>Null without a disk tier.</summary>
    public DiskTier? Disk => disk;

    /// <summary>Null without Redis.</summary>
    public SuperHotTier? SuperHot => superHot;
}
