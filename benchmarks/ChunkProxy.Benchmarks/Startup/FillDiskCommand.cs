using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkProxy.Benchmarks.Startup;

/// <summary>Fills a cache directory with films of small chunks through the product's disk tier, for startup.sh.</summary>
/// <remarks>The films are /film/0, /film/1 and so on, of 1,000 chunks each. Every byte of a chunk is the chunk's number modulo 251.</remarks>
internal static class FillDiskCommand
{
    private const int ChunkSize = 4096;
    private const int ChunksOfAFilm = 1000;
    private const int QueuedChunks = 64;

    public static async Task RunAsync(TextWriter output, string directory, int chunks)
    {
        using var memory = new MemoryTier(QueuedChunks * MemoryTier.MinimumBudget(ChunkSize), ChunkSize);
        var options = new DiskTierOptions { Directory = directory, Budget = long.MaxValue / 2, WriteQueueLimit = 2 * QueuedChunks * ChunkSize };
        await using var disk = new DiskTier(options, TimeProvider.System, NullLogger<DiskTier>.Instance);
        for (var first = 0; first < chunks; first += ChunksOfAFilm)
        {
            var film = Film(first / ChunksOfAFilm);
            disk.StoreVersion(film);
            for (var index = 0; index < ChunksOfAFilm; index++)
            {
                Store(disk, memory, film.Chunk(index));
                if (index % QueuedChunks == 0)
                {
                    await disk.WhenIdleAsync(); // a full queue would drop chunks
                }
            }
        }

        await disk.WhenIdleAsync();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{disk.State.Files} files, {disk.State.DroppedWrites} not written"));
    }

    private static ObjectVersion Film(int number) => new(
        new ObjectId($"/film/{number}"),
        new Validator("\"v1\""),
        new ChunkLayout(ChunkSize, (long)ChunksOfAFilm * ChunkSize),
        new OriginHeaders
        {
            ETag = "\"v1\"",
            GeneratedAt = TimeProvider.System.GetUtcNow(),
            FreshUntil = TimeProvider.System.GetUtcNow().AddDays(1), // so that the origin is not asked
            EndToEnd = [new("Content-Type", "video/mp4")],
        });

    private static void Store(DiskTier disk, MemoryTier memory, Chunk chunk)
    {
        var buffer = memory.TryRent(chunk.Length) ?? throw new InvalidOperationException("All buffers are waiting to be written.");
        buffer.Memory.Span.Fill((byte)(chunk.Index % 251));
        disk.Store(chunk, buffer);
        buffer.Release();
    }
}
