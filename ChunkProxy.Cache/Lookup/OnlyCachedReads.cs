using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Reads what this process has, in memory or on disk, and nothing else: for a member that owns the chunk now.</summary>
/// <remarks>Joins no fill: the fill may be waiting for the very member that asks, where the two disagree about who owns the chunk.</remarks>
internal sealed class OnlyCachedReads(MemoryTier memory, LocalChunks local, DiskTier? disk = null)
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

        using (file)
        {
            // The chunk is leaving: it is read into memory for this one reader and not kept there.
            if (memory.TryRent(chunk.Length) is not { } buffer)
            {
                return null;
            }

            if (await file.ReadAsync(0, buffer.Memory, cancellationToken).ConfigureAwait(false))
            {
                return new ChunkLease(buffer, ChunkSource.Disk);
            }

            buffer.Release();
            return null;
        }
    }
}
