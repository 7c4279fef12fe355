using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[4.4], [4.6] Reads slices from the files of their chunks, without keeping them in memory.</summary>
internal sealed class FileReads(DiskTier disk, FillTable fills, MemoryTier memory, CacheMetrics metrics, bool untilPromotion) : IReadStep
{
    public async ValueTask<ChunkLease?> TryOpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken)
    {
        var chunk = read.Chunk;
        if ((untilPromotion && (fills.IsUnderWay(chunk.Key) || !disk.ReadsPastMemory(chunk, slice.Length)))
            || await disk.OpenAsync(chunk, cancellationToken).ConfigureAwait(false) is not { } file)
        {
            return null;
        }

        var stream = new DiskStream(disk, file, slice, memory, metrics, read);
        return await ChunkLease.OpenAsync(stream, slice.Offset, cancellationToken).ConfigureAwait(false);
    }
}
