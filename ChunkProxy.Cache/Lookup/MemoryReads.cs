using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[4.1] Reads slices of chunks in memory: complete chunks, and partial ones that contain the whole slice.</summary>
internal sealed class MemoryReads(MemoryTier memory) : IReadStep
{
    public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease)
    {
        if (memory.TryGet(new ChunkKey(version.Hash, slice.ChunkIndex)) is { } buffer)
        {
            if (buffer.Partial is not { } partial || partial.Covers(slice.Offset, slice.End))
            {
                lease = new ChunkLease(buffer, buffer.IsNearCopy ? ChunkSource.NearCopy : ChunkSource.Memory);
                return true;
            }

            buffer.Release();
        }

        lease = default;
        return false;
    }

    public ValueTask<ChunkLease?> TryOpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken) =>
        new(TryOpen(read.Chunk.Version, slice, out var lease) ? lease : null);
}
