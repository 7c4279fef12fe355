using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[4.7] Reads slices from the origin for one reader each, without caching, when memory has no room for a fill.</summary>
internal sealed class UncachedReads(OriginServers origins, PurgeLedger purges, UpstreamWaits waits, ColdShares cold) : IReadStep
{
    public async ValueTask<ChunkLease?> TryOpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken)
    {
        using var share = cold.AreLimited ? await cold.ForChunkAsync(read.Chunk, slice.Length, cancellationToken).ConfigureAwait(false) : null;
        ColdShare.Current = share;
        return await ChunkLease.OpenAsync(new UncachedStream(origins, purges, waits, read.Chunk, slice), slice.Offset, cancellationToken).ConfigureAwait(false);
    }
}
