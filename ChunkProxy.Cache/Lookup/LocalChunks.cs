using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>What this process does for a chunk by itself: memory, then the fill, which looks on disk, at the previous owner and at the origin.</summary>
internal sealed class LocalChunks(MemoryTier memory, FillTable fills, DirectReads direct)
{
    public bool TryOpen(ObjectVersion version, Slice slice, out ChunkLease lease)
    {
        if (memory.TryGet(new ChunkKey(version.Hash, slice.ChunkIndex)) is { } buffer)
        {
            if (buffer.Partial is not { } partial || partial.Covers(slice.Offset, slice.End))
            {
                lease = new ChunkLease(buffer, buffer.IsNearCopy ? ChunkSource.NearCopy : ChunkSource.Memory);
                return true;
            }

            buffer.Release();
        }

        lease = default;
        return false;
    }

    /// <exception cref="ChunkReadException">The bytes are not to be had.</exception>
    public async ValueTask<ChunkLease> OpenAsync(Chunk chunk, Slice slice, FillPurpose purpose, CancellationToken cancellationToken)
    {
        if (TryOpen(chunk.Version, slice, out var lease))
        {
            return lease;
        }

        var opened = await fills.OpenAsync(chunk, slice, purpose, cancellationToken).ConfigureAwait(false);
        if (opened is null && TryOpen(chunk.Version, slice, out lease))
        {
            return lease; // the fill ended before we could join it
        }

        // No room: every byte of the budget is being filled or sent. Or a fill that must not be joined. This reader goes round the cache.
        return opened ?? await direct.OpenAsync(chunk, slice, cancellationToken).ConfigureAwait(false);
    }
}
