using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Lookup;

/// <summary>The one place with the order in which a chunk is looked up.</summary>
internal sealed class ChunkReader(
    LocalChunks local, ClusterView cluster, PeerReads peers, NearCopies nearCopies, ObjectFinder objects, KnownObjects known, OriginClient origin, CacheMetrics metrics, RecentEvents events)
    : IChunkReader
{
    public ValueTask<ObjectLookup> FindAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) =>
        objects.FindAsync(id, firstByte, cancellationToken);

    public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease)
    {
        if (!local.TryOpen(version, slice, out lease))
        {
            return false;
        }

        nearCopies.Count(new ChunkKey(version.Hash, slice.ChunkIndex));
        metrics.ChunkRead(lease.Report);
        return true;
    }

    public async ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, CancellationToken cancellationToken)
    {
        if (TryOpen(version, slice, out var lease))
        {
            return lease;
        }

        using var span = CacheTracing.StartChunkLookup(version, slice);
        try
        {
            var chunk = version.Chunk(slice.ChunkIndex);
            var reads = nearCopies.Count(chunk.Key);
            if (cluster.Owns(chunk))
            {
                lease = await local.OpenAsync(chunk, slice, FillPurpose.Own, cancellationToken).ConfigureAwait(false);
            }
            else if (nearCopies.IsSuperHot(chunk.Key, reads))
            {
                lease = await local.OpenAsync(chunk, slice, FillPurpose.NearCopy, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                lease = await peers.OpenAsync(chunk, slice, cancellationToken).ConfigureAwait(false);
            }

            metrics.ChunkRead(lease.Report);
            span.Found(lease.Report);
            return lease;
        }
        catch (ChunkReadException error)
        {
            span.Failed(error.Error);
            metrics.ChunkReadFailed(error.Error);
            events.Note(RecentEventKind.ReadFailed, version.Id.PathAndQuery, error.Error.ToString());
            if (error.Error is ProxyError.VersionChanged or ProxyError.NotFound or ProxyError.Gone)
            {
                known.Forget(version);
            }

            throw;
        }
    }

    public ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, CancellationToken cancellationToken) =>
        origin.PassThroughAsync(id, method, conditions, cancellationToken);

    public void Forget(ObjectVersion version) => known.Forget(version);
}
