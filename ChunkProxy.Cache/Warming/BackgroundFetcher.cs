using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Warming;

/// <summary>Brings chunks into this process's own tiers for nobody in particular, behind the reads of clients.</summary>
/// <remarks>However many ask, a few at a time, and never more than a quarter of the places at the origin: a client always finds one.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Semaphores hold nothing unless their wait handles are asked for.")]
internal sealed class BackgroundFetcher(
    FillTable fills, MemoryTier memory, UpstreamWaits waits, IOptions<WarmOptions> options, IOptions<OriginOptions> origin, DiskTier? disk = null)
{
    // A disk that takes nothing at all, because it fails, is not waited for longer.
    private const int MostWrites = 10;

    private readonly SemaphoreSlim _places = new(Math.Min(options.Value.Concurrency, Math.Max(1, origin.Value.MaxConnections / 4)));
    private readonly SemaphoreSlim _writing = new(1); // taken one after the other, chunks find room in the disk's queue

    /// <summary>Has the chunk by the end, whole, in memory or on disk. One that is there already costs nothing.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="purpose">On whose behalf.</param>
    /// <param name="cancellationToken">Nobody wants it any more.</param>
    /// <exception cref="ChunkReadException">It is not to be had, or there is no room for it.</exception>
    public async ValueTask KeepAsync(Chunk chunk, FillPurpose purpose, CancellationToken cancellationToken)
    {
        if (Has(chunk))
        {
            return;
        }

        using (waits.ForChunk(chunk))
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false); // in line; who has a place may stay only while he gets on
        }

        try
        {
            await FillAsync(chunk, purpose, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    private bool Has(Chunk chunk) => memory.Peek(chunk.Key) is { Buffer.Partial: null } || (disk?.Contains(chunk.Key) ?? false);

    // As a reader of the whole chunk who looks at no byte.
    private async Task FillAsync(Chunk chunk, FillPurpose purpose, CancellationToken cancellationToken)
    {
        if (await fills.OpenAsync(chunk, new Slice(chunk.Index, 0, chunk.Length), purpose, cancellationToken).ConfigureAwait(false) is { } opened)
        {
            using (opened)
            {
                for (var offset = 0; offset < chunk.Length;)
                {
                    offset += (await opened.ReadAsync(offset, chunk.Length - offset, cancellationToken).ConfigureAwait(false)).Length;
                }

                await fills.WhenEnded(chunk.Key).WaitAsync(cancellationToken).ConfigureAwait(false); // before that nobody finds it in memory
                await WriteAsync(chunk, opened.Buffer!, cancellationToken).ConfigureAwait(false); // while it is held: memory may evict it at any time
            }
        }
        else if (!Has(chunk))
        {
            throw new ChunkReadException(ProxyError.Overloaded, "memory has no room for the chunk at this moment");
        }
    }

    // The disk drops what comes faster than it writes, and memory may be too small for all that is warmed: so the pace is the disk's.
    private async Task WriteAsync(Chunk chunk, ChunkBuffer filled, CancellationToken cancellationToken)
    {
        if (disk is null)
        {
            return;
        }

        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await disk.WhenIdleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            for (var tries = 0; tries < MostWrites && !disk.Contains(chunk.Key); tries++)
            {
                disk.Store(chunk, filled); // its fill found the queue full, or this one does: fills that end meanwhile fill it again
                await disk.WhenIdleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }
}
