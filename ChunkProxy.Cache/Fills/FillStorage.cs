using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Fills;

/// <summary>Where fills put their bytes: room in memory while they are under way, and the tiers that keep what they brought.</summary>
internal sealed class FillStorage(MemoryTier memory, NearCopies nearCopies, DiskTier? disk = null)
{
    /// <summary>Takes what memory has of the chunk, or room for all of it; the caller holds one reference. Null where there is nothing to fill.</summary>
    /// <param name="chunk">The chunk to fill. Only one fill of it is under way.</param>
    /// <param name="isNearCopy">The chunk is another member's.</param>
    /// <param name="whyNot">Valid where null is returned.</param>
    public ChunkBuffer? TryTake(Chunk chunk, bool isNearCopy, out FillOutcome whyNot)
    {
        whyNot = default;
        var buffer = memory.TryGet(chunk.Key);
        if (buffer is { Partial: null })
        {
            buffer.Release();
            whyNot = FillOutcome.AlreadyThere;
            return null;
        }

        if (buffer is not null)
        {
            memory.Remove(chunk.Key); // only one fill writes into a buffer: nobody else finds it there now
        }

        buffer ??= memory.TryRent(chunk.Length);
        if (buffer is null)
        {
            whyNot = FillOutcome.NoRoom;
            return null;
        }

        buffer.Version = chunk.Version;
        buffer.IsNearCopy = isNearCopy;
        return buffer;
    }

    /// <summary>Keeps a chunk of which every byte is there. A near copy does not go to the disk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="buffer">Its bytes; the caller's reference stays the caller's.</param>
    /// <param name="isOnDisk">All of the bytes came from there.</param>
    public void KeepWhole(Chunk chunk, ChunkBuffer buffer, bool isOnDisk)
    {
        buffer.Partial = null;
        memory.Add(chunk.Key, buffer);
        if (buffer.IsNearCopy)
        {
            nearCopies.Kept(chunk.Key, chunk.Length);
        }
        else if (!isOnDisk)
        {
            disk?.Store(chunk, buffer);
        }
    }

    /// <summary>Keeps, in memory, what there is of a chunk: the next fill goes on from there.</summary>
    public void KeepPart(Chunk chunk, ChunkBuffer buffer, Extents there)
    {
        buffer.Partial = there;
        memory.Add(chunk.Key, buffer);
    }
}
