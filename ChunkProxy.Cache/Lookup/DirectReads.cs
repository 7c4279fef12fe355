using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Reads slices from the origin for one reader each, past the cache, when memory has no room for a fill.</summary>
internal sealed class DirectReads(OriginClient origin, PurgeLedger purges, SourceWaits waits)
{
    public ValueTask<ChunkLease> OpenAsync(Chunk chunk, Slice slice, CancellationToken cancellationToken) =>
        ChunkLease.OpenAsync(new DirectStream(origin, purges, waits, chunk, slice), slice.Offset, cancellationToken);
}
