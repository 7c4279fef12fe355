using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[4.5] Reads slices of chunks while they are being filled; begins a fill if none is in progress. [4.2] The same for a near copy.</summary>
internal sealed class FillReads(FillTable fills, MemoryReads memory, bool forNearCopy) : IReadStep
{
    public async ValueTask<ChunkLease?> TryOpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken) =>
        await fills.OpenAsync(read.Chunk, slice, forNearCopy ? FillPurpose.NearCopy : read.Purpose, cancellationToken).ConfigureAwait(false)
        ?? (memory.TryOpen(read.Chunk.Version, slice, out var lease) ? lease : null); // the fill ended before the reader could join it
}
