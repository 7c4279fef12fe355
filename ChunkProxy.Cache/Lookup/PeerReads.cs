using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Reads slices of chunks that other members own.</summary>
internal sealed class PeerReads(
    ClusterView cluster, PeerClient client, PeerVitals vitals, LocalChunks local, NearCopies nearCopies, MemoryTier memory, PurgeLedger purges, PurgeCurrency currency)
{
    /// <summary>Opens a slice at the chunk's owner, or whoever stands in for it; its first bytes are there when the task completes.</summary>
    /// <exception cref="ChunkReadException">The bytes are not to be had.</exception>
    public async ValueTask<ChunkLease> OpenAsync(Chunk chunk, Slice slice, CancellationToken cancellationToken)
    {
        await currency.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var members = cluster.MembersToAsk(chunk.Version.Id, chunk.Index);
        var stream = new PeerStream(client, vitals, local, nearCopies, purges, members, chunk, slice, PassingBuffer.Rent(memory, slice.Length));
        return await ChunkLease.OpenAsync(stream, slice.Offset, cancellationToken).ConfigureAwait(false);
    }
}
