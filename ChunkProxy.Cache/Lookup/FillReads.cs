using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[4.5] Reads slices of chunks while they are being filled; begins a fill if none is in progress. [4.2] The same for a near copy.</summary>
/// <param name="fills">The fills in progress.</param>
/// <param name="memory">Has the chunk if its fill ended just before.</param>
/// <param name="cold">What each client may fetch from the origin; null: any amount, as for near copies, which come from their owner.</param>
/// <param name="disk">Supplies the bytes of a fill without the origin.</param>
internal sealed class FillReads(FillTable fills, MemoryReads memory, ColdShares? cold, DiskTier? disk) : IReadStep
{
    public ValueTask<ChunkLease?> TryOpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken) =>
        cold is { AreLimited: true } && !fills.IsUnderWay(read.Chunk.Key) && disk?.Contains(read.Chunk.Key) is not true
            ? OpenColdAsync(cold, read, slice, cancellationToken)
            : OpenAsync(read, slice, cancellationToken);

    private async ValueTask<ChunkLease?> OpenColdAsync(ColdShares shares, SliceRead read, Slice slice, CancellationToken cancellationToken)
    {
        using var share = await shares.ForChunkAsync(read.Chunk, read.Chunk.Length, cancellationToken).ConfigureAwait(false);
        ColdShare.Current = share;
        return await OpenAsync(read, slice, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ChunkLease?> OpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken) =>
        await fills.OpenAsync(read.Chunk, slice, cold is null ? FillPurpose.NearCopy : read.Purpose, cancellationToken).ConfigureAwait(false)
        ?? (memory.TryOpen(read.Chunk.Version, slice, out var lease) ? lease : null); // the fill ended before the reader could join it
}
