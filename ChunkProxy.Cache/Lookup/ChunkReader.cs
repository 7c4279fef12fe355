using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Reads for clients: chooses the <see cref="ReadOrder"/> of each slice, and counts the results.</summary>
internal sealed class ChunkReader(
    MemoryReads memory, SliceReads slices, ClusterView cluster, NearCopies nearCopies, ObjectFinder objects, OriginServers origins, CacheMetrics metrics, RecentEvents events)
    : IChunkReader
{
    public ValueTask<ObjectLookup> FindAsync(ObjectId id, RequestFields request, long? firstByte, IPAddress? client, CancellationToken cancellationToken) =>
        objects.TryFind(id, request, out var found) ? new(found) : SearchAsync(id, request, firstByte, client, cancellationToken); // [2.1]

    public bool IsKnown(ObjectId id, RequestFields request) => objects.IsKnown(id, request);

    public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease)
    {
        if (!memory.TryOpen(version, slice, out lease))
        {
            return false;
        }

        nearCopies.Count(new ChunkKey(version.Hash, slice.ChunkIndex));
        metrics.ChunkRead(lease.Report);
        return true;
    }

    public async ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, IPAddress? client, CancellationToken cancellationToken)
    {
        ClientKey.Current = ClientKey.Of(client);
        using var span = CacheTracing.StartChunkLookup(version, slice);
        try
        {
            var chunk = version.Chunk(slice.ChunkIndex);
            var reads = nearCopies.Count(chunk.Key);
            var order = cluster.Owns(chunk) ? ReadOrder.Own : nearCopies.IsWorthACopy(chunk.Key, reads) ? ReadOrder.NearCopy : ReadOrder.Foreign;
            var lease = await slices.OpenAfterMemoryAsync(order, chunk, slice, cancellationToken).ConfigureAwait(false);
            metrics.ChunkRead(lease.Report);
            span.Found(lease.Report);
            return lease;
        }
        catch (ChunkReadException error)
        {
            span.Failed(error.Error);
            metrics.ChunkReadFailed(error.Error);
            if (error.Error is not ProxyError.OriginDown) // another event reports it
            {
                events.Note(RecentEventKind.ReadFailed, version.Id.Shown, error.Error.ToString());
            }

            if (error.Error.IsVersionGone())
            {
                objects.Forget(version);
            }

            throw;
        }
    }

    public async ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, IPAddress? client, CancellationToken cancellationToken)
    {
        ClientKey.Current = ClientKey.Of(client);
        return await origins.PassThroughAsync(id, method, conditions, cancellationToken).ConfigureAwait(false);
    }

    public void Forget(ObjectVersion version) => objects.Forget(version);

    private async ValueTask<ObjectLookup> SearchAsync(ObjectId id, RequestFields request, long? firstByte, IPAddress? client, CancellationToken cancellationToken)
    {
        ClientKey.Current = ClientKey.Of(client);
        return await objects.FindAsync(id, request, firstByte, cancellationToken).ConfigureAwait(false);
    }
}
