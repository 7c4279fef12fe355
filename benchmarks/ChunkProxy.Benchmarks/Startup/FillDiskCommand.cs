using System.Globalization;
using System.Runtime.InteropServices;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkProxy.Benchmarks.Startup;

/// <summary>Fills a cache directory with films of small chunks through the product's disk tier, for startup.sh.</summary>
/// <remarks>
/// The films are /film/0, /film/1 and so on, of 1,000 chunks each. Every byte of a chunk is the chunk's number modulo 251. Chunks beyond the
/// first 100,000 are names only: hard links to empty space of the length of a chunk, which no reader asks for.
/// </remarks>
internal static partial class FillDiskCommand
{
    private const string Origin = "http://127.0.0.1:9"; // as startup.sh sets it: no server
    private const int ChunkSize = 4096;
    private const int ChunksOfAFilm = 1000;
    private const int QueuedChunks = 64;
    private const int MostWritten = 100_000;
    private const int LinksOfAFile = 60_000; // ext4 allows 65,000

    public static async Task RunAsync(TextWriter output, string directory, int chunks)
    {
        using var memory = new MemoryTier(QueuedChunks * MemoryTier.MinimumBudget(ChunkSize), ChunkSize);
        var options = new DiskTierOptions { Directory = directory, Budget = long.MaxValue / 2, WriteQueueLimit = 2 * QueuedChunks * ChunkSize };
        await using var disk = new DiskTier(options, TimeProvider.System, NullLogger<DiskTier>.Instance);
        for (var first = 0; first < Math.Min(chunks, MostWritten); first += ChunksOfAFilm)
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
        Link(new DiskTree(directory), MostWritten, chunks);
    }

    private static void Link(DiskTree tree, int first, int end)
    {
        var source = "";
        for (var i = first; i < end; i++)
        {
            var path = tree.PathOf(Film(i / ChunksOfAFilm).Chunk(i % ChunksOfAFilm).Key);
            if ((i - first) % LinksOfAFile == 0)
            {
                source = path;
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
                RandomAccess.SetLength(file, 2 * ChunkSize);
            }
            else if (Link(source, path) != 0)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                if (Link(source, path) != 0)
                {
                    throw new IOException($"Cannot link {path}: error {Marshal.GetLastPInvokeError()}");
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);

    private static ObjectVersion Film(int number) => new(
        new ObjectId($"/film/{number}", Origin),
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
