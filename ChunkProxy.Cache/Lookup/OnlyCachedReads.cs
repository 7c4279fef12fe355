using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Reads what this process has, in memory or on disk, and nothing else: for a member that owns the chunk now.</summary>
/// <remarks>Joins no fill: the fill may be waiting for the very member that asks, where the two disagree about who owns the chunk.</remarks>
internal sealed class OnlyCachedReads(MemoryTier memory, LocalChunks local, CacheMetrics metrics, DiskTier? disk = null)
{
    public async ValueTask<ChunkLease?> TryOpenAsync(Chunk chunk, Slice slice, CancellationToken cancellationToken)
    {
        if (local.TryOpen(chunk.Version, slice, out var lease))
        {
            return lease;
        }

        if (disk is null || await disk.OpenAsync(chunk, cancellationToken).ConfigureAwait(false) is not { } file)
        {
            return null;
        }

        // The chunk is leaving: it is read for this one reader and not kept in memory.
        var stream = new DiskStream(file, slice, memory, metrics, static (_, _) => throw new ChunkReadException(ProxyError.OriginMisbehaved, "the chunk's file is damaged"));
        try
        {
            return await ChunkLease.OpenAsync(stream, slice.Offset, cancellationToken).ConfigureAwait(false);
        }
        catch (ChunkReadException)
        {
            return null;
        }
    }
}
