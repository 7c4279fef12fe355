using System.Buffers;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[5.1] Brings a run's bytes from this process's disk, verified block by block before a reader can see them.</summary>
internal sealed class DiskSource(DiskTier disk) : IFillSource
{
    public ChunkSource Kind => ChunkSource.Disk;

    public async ValueTask<bool> TryFillAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        using var file = await disk.OpenAsync(target.Chunk, cancellationToken).ConfigureAwait(false);
        if (file is null)
        {
            return false;
        }

        target.ExtendToFront(target.Position - (target.Position % file.BlockSize));
        while (!target.IsDone)
        {
            if (!await ReadPieceAsync(file, target, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private static async ValueTask<bool> ReadPieceAsync(DiskChunk file, FillTarget target, CancellationToken cancellationToken)
    {
        var blockSize = file.BlockSize;
        var room = target.Room;
        var position = target.Position;
        var whole = position + room.Length == target.Chunk.Length ? room.Length : room.Length - (room.Length % blockSize);
        if (position % blockSize == 0 && whole > 0)
        {
            if (!await file.ReadAsync(position, room[..whole], cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            target.Advance(whole, ChunkSource.Disk);
            return true;
        }

        // The run begins or ends inside a block. Only whole blocks can be verified, and the other part of the block is not this run's to write.
        var blockStart = position - (position % blockSize);
        var blockLength = Math.Min(blockSize, target.Chunk.Length - blockStart);
        var block = ArrayPool<byte>.Shared.Rent(blockLength);
        try
        {
            if (!await file.ReadAsync(blockStart, block.AsMemory(0, blockLength), cancellationToken).ConfigureAwait(false))
            {
                return false;
            }

            var count = Math.Min(blockStart + blockLength - position, room.Length);
            block.AsMemory(position - blockStart, count).CopyTo(room);
            target.Advance(count, ChunkSource.Disk);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
