using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Warming;

/// <summary>Fetches chunks into this process's tiers at low priority, without a reader.</summary>
/// <remarks>For each origin, all callers together run a few fetches at a time, on at most a quarter of its connections: clients always get one.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "Semaphores hold nothing unless their wait handles are asked for.")]
internal sealed class BackgroundFetcher(
    FillTable fills, MemoryTier memory, UpstreamWaits waits, IOptions<WarmOptions> options, OriginConnections origins, DiskTier? disk = null)
{
    // Bounds the wait for a disk that fails every write.
    private const int MostWrites = 10;

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _slots = new(); // by origin
    private readonly SemaphoreSlim _writing = new(1); // one write at a time, so that each chunk fits the disk's queue

    /// <summary>Fetches the whole chunk into memory or onto disk. Does nothing if it is already there.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="purpose">Who needs the chunk.</param>
    /// <param name="cancellationToken">Cancels the fetch.</param>
    /// <exception cref="ChunkReadException">The chunk is unavailable, or there is no room for it.</exception>
    public async ValueTask KeepAsync(Chunk chunk, FillPurpose purpose, CancellationToken cancellationToken)
    {
        if (Has(chunk))
        {
            return;
        }

        var label = chunk.Version.Id.Label;
        var slots = _slots.GetOrAdd(label, _ => new SemaphoreSlim(Math.Min(options.Value.Concurrency, origins.QuarterOf(label))));
        using (waits.ForChunk(chunk))
        {
            await slots.WaitAsync(cancellationToken).ConfigureAwait(false); // while it is queued, `waits` reports that; a caller with a slot must show progress itself
        }

        try
        {
            await FillAsync(chunk, purpose, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            slots.Release();
        }
    }

    private bool Has(Chunk chunk) => memory.Peek(chunk.Key) is { Buffer.Partial: null } || (disk?.Contains(chunk.Key) ?? false);

    private async Task FillAsync(Chunk chunk, FillPurpose purpose, CancellationToken cancellationToken)
    {
        if (await fills.OpenAsync(chunk, chunk.Whole, purpose, cancellationToken).ConfigureAwait(false) is { } opened)
        {
            using (opened)
            {
                await opened.ReadThroughAsync(chunk.Length, cancellationToken).ConfigureAwait(false);

                // Before the fill ends, look-ups in memory do not find the chunk.
                await fills.WhenEnded(chunk.Key).WaitAsync(cancellationToken).ConfigureAwait(false);
                // While the buffer is held: memory may evict the chunk at any time.
                await WriteAsync(chunk, opened.Buffer!, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (!Has(chunk))
        {
            throw new ChunkReadException(ProxyError.Overloaded, "all memory is in use");
        }
    }

    // The disk drops writes beyond its speed, and memory may not hold all that is warmed. So the disk sets the pace.
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
                disk.Store(chunk, filled); // the queue may have been full at the end of the fill, or be full now because other fills ended
                await disk.WhenIdleAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _writing.Release();
        }
    }
}
