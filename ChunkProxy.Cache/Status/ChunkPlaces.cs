using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Fills;

namespace ChunkProxy.Cache.Status;

/// <summary>Tells where a chunk is in this process, and which member owns it. Sends no requests and counts no look-ups.</summary>
internal sealed class ChunkPlaces(ClusterView cluster, LocalTiers tiers, FillTable fills)
{
    /// <summary>This process, as other members know it; <c>this process</c> for a stand-alone one.</summary>
    public string Process => cluster.IsStandAlone ? ClusterStatusReader.Alone : cluster.Self?.Label ?? cluster.ProcessName;

    public ChunkPlace Of(Chunk chunk)
    {
        var entry = tiers.Memory.Peek(chunk.Key);
        var owner = cluster.IsStandAlone ? null : cluster.Owners.OwnerOf(chunk.Version.Id.Hash, chunk.Index);
        return new ChunkPlace(
            entry is null ? MemoryPresence.None : entry.Buffer.Partial is null ? MemoryPresence.Whole : MemoryPresence.Part,
            tiers.Disk?.Contains(chunk.Key) ?? false,
            tiers.SuperHot?.Contains(chunk.Key) ?? false,
            fills.IsUnderWay(chunk.Key),
            owner?.Label ?? Process);
    }
}
