using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>What this process does for a chunk by itself: memory, then its file, or the fill, which moves the file to memory or looks at the previous owner and at the origin.</summary>
internal sealed class LocalChunks(MemoryTier memory, FillTable fills, DirectReads direct, CacheMetrics metrics, DiskTier? disk = null)
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

        var mayBeOnDisk = disk is not null && purpose is not FillPurpose.NearCopy;
        if (mayBeOnDisk
            && !fills.IsUnderWay(chunk.Key)
            && disk!.ReadsPastMemory(chunk, slice.Length)
            && await OpenOnDiskAsync(chunk, slice, purpose, cancellationToken).ConfigureAwait(false) is { } past)
        {
            return past;
        }

        // No room: every byte of the budget is being filled or sent. Or a fill that must not be joined. This reader goes round the cache.
        return await OpenFilledAsync(chunk, slice, purpose, cancellationToken).ConfigureAwait(false)
            ?? (mayBeOnDisk ? await OpenOnDiskAsync(chunk, slice, purpose, cancellationToken).ConfigureAwait(false) : null)
            ?? await direct.OpenAsync(chunk, slice, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ChunkLease?> OpenFilledAsync(Chunk chunk, Slice slice, FillPurpose purpose, CancellationToken cancellationToken)
    {
        var opened = await fills.OpenAsync(chunk, slice, purpose, cancellationToken).ConfigureAwait(false);
        return opened is null && TryOpen(chunk.Version, slice, out var lease)
            ? lease // the fill ended before we could join it
            : opened;
    }

    private async ValueTask<ChunkLease?> OpenOnDiskAsync(Chunk chunk, Slice slice, FillPurpose purpose, CancellationToken cancellationToken)
    {
        if (await disk!.OpenAsync(chunk, cancellationToken).ConfigureAwait(false) is not { } file)
        {
            return null;
        }

        var stream = new DiskStream(file, slice, memory, metrics, async (rest, stop) =>
            await OpenFilledAsync(chunk, rest, purpose, stop).ConfigureAwait(false) ?? await direct.OpenAsync(chunk, rest, stop).ConfigureAwait(false));
        return await ChunkLease.OpenAsync(stream, slice.Offset, cancellationToken).ConfigureAwait(false);
    }
}
