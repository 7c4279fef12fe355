using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[4.3] Reads slices from the owners of their chunks, or from stand-ins.</summary>
internal sealed class PeerReads(
    MemberWalks walks, PeerClient client, NearCopies nearCopies, MemoryTier memory, PurgeLedger purges, PurgeFreshness freshness) : IReadStep
{
    public async ValueTask<ChunkLease?> TryOpenAsync(SliceRead read, Slice slice, CancellationToken cancellationToken)
    {
        await freshness.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var walk = walks.ToOwners(read.Chunk.Version.Id, read.Chunk.Index);
        var stream = new PeerStream(client, walk, nearCopies, purges, read, slice, PassThroughBuffer.Rent(memory, slice.Length));
        return await ChunkLease.OpenAsync(stream, slice.Offset, cancellationToken).ConfigureAwait(false);
    }
}
