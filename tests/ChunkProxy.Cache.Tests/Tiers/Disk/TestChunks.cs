using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Versions of objects, and the bytes that their chunks have: different in every block of every chunk of every version.</summary>
internal static class TestChunks
{
    private static readonly MemoryTier Memory = new(256 * 1024 * 1024, 1024 * 1024);

    public static ObjectVersion Version(string path, long size, int chunkSize, string etag = "\"v1\"") => new(
        new ObjectId(path),
        new Validator(etag),
        new ChunkLayout(chunkSize, size),
        new OriginHeaders
        {
            ETag = etag,
            LastModified = DateTimeOffset.Parse("2026-01-02T03:04:05Z", CultureInfo.InvariantCulture),
            GeneratedAt = DateTimeOffset.Parse("2026-02-02T03:04:05Z", CultureInfo.InvariantCulture),
            FreshUntil = DateTimeOffset.Parse("2026-02-03T03:04:05Z", CultureInfo.InvariantCulture),
            EndToEnd = [new("Content-Type", "video/mp4"), new("X-Twice", "a"), new("X-Twice", "b, \u00e9")],
        });

    public static byte[] BytesOf(Chunk chunk)
    {
        var bytes = new byte[chunk.Length];
        new Random(HashCode.Combine(chunk.Version.Id.PathAndQuery.Length, (int)chunk.Version.Hash.Low, chunk.Index)).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The caller holds one reference.</summary>
    public static ChunkBuffer BufferOf(Chunk chunk)
    {
        var buffer = Memory.TryRent(chunk.Length) ?? throw new InvalidOperationException("A test holds more buffers than there are.");
        BytesOf(chunk).CopyTo(buffer.Memory.Span);
        return buffer;
    }
}
