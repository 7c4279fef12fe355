using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Fills;

/// <summary>Storage of fills: room in memory while they are in progress, and the tiers that keep their bytes.</summary>
internal sealed class FillStorage(MemoryTier memory, NearCopies nearCopies, DiskTier? disk = null)
{
    /// <summary>
    /// Takes the chunk's bytes from memory, or room for the whole chunk; the caller
    /// holds one reference. Returns null if there is nothing to fill or no room.
    /// </summary>
    /// <param name="chunk">The chunk to fill. Only one fill of it is in progress.</param>
    /// <param name="isNearCopy">Another member owns the chunk.</param>
    /// <param name="whyNot">The reason if null is returned.</param>
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
            memory.Remove(chunk.Key); // only one fill writes into a buffer: no other finds it there now
        }

        buffer ??= memory.TryRent(chunk.Length) ?? (disk?.TryGiveBack(chunk.Length) is true ? memory.TryRent(chunk.Length) : null);
        if (buffer is null)
        {
            whyNot = FillOutcome.NoRoom;
            return null;
        }

        buffer.Version = chunk.Version.Shared;
        buffer.IsNearCopy = isNearCopy;
        return buffer;
    }

    /// <summary>Completes when the disk can take one more chunk, or has had a short time for it. So fills do not outrun the disk for long.</summary>
    public ValueTask WhenDiskIsReadyAsync(Chunk chunk, CancellationToken cancellationToken) =>
        disk is null || disk.Contains(chunk.Key) ? default : disk.WhenRoomAsync(cancellationToken);

    /// <summary>Keeps a complete chunk. A near copy is not written to the disk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="buffer">The chunk's bytes; the caller keeps its reference.</param>
    /// <param name="isOnDisk">All of the bytes came from the disk.</param>
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

    /// <summary>Keeps the available part of a chunk in memory: the next fill continues from there.</summary>
    public void KeepPart(Chunk chunk, ChunkBuffer buffer, Extents there)
    {
        buffer.Partial = there;
        memory.Add(chunk.Key, buffer);
    }
}
