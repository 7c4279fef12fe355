using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>The one place with the order in which a chunk is looked up.</summary>
internal sealed class ChunkReader(
    MemoryTier memory, FillTable fills, ObjectFinder objects, OriginClient origin, DirectReads direct, CacheMetrics metrics) : IChunkReader
{
    public ValueTask<ObjectLookup> FindAsync(ObjectId id, long? firstByte, CancellationToken cancellationToken) =>
        objects.FindAsync(id, firstByte, cancellationToken);

    public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease)
    {
        if (memory.TryGet(new ChunkKey(version.Hash, slice.ChunkIndex)) is { } buffer)
        {
            if (buffer.Partial is not { } partial || partial.Covers(slice.Offset, slice.End))
            {
                lease = new ChunkLease(buffer, ChunkSource.Memory);
                metrics.ChunkRead(lease.Report);
                return true;
            }

            buffer.Release();
        }

        lease = default;
        return false;
    }

    public async ValueTask<ChunkLease> OpenAsync(ObjectVersion version, Slice slice, CancellationToken cancellationToken)
    {
        try
        {
            if (TryOpen(version, slice, out var lease))
            {
                return lease;
            }

            var chunk = version.Chunk(slice.ChunkIndex);
            var opened = await fills.OpenAsync(chunk, slice, cancellationToken).ConfigureAwait(false);
            if (opened is null && TryOpen(version, slice, out lease))
            {
                return lease; // the fill ended before we could join it
            }

            // No room: every byte of the budget is being filled or sent. This reader goes round the cache.
            lease = opened ?? await direct.OpenAsync(chunk, slice, cancellationToken).ConfigureAwait(false);
            metrics.ChunkRead(lease.Report);
            return lease;
        }
        catch (ChunkReadException error) when (error.Error is ProxyError.VersionChanged or ProxyError.NotFound or ProxyError.Gone)
        {
            objects.Forget(version);
            throw;
        }
    }

    public ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, CancellationToken cancellationToken) =>
        origin.PassThroughAsync(id, method, conditions, cancellationToken);

    public void Forget(ObjectVersion version) => objects.Forget(version);
}
