using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Testing.Fuzzing;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Files of the cache directory, written by any process.</summary>
public sealed class DiskFuzzTests
{
    private const int ChunkSize = 64 * 1024;

    private static readonly ObjectVersion Film = TestChunks.Version("/film.mp4", 1_000_000, ChunkSize);

    [Fact]
    public void VersionRecord_AnyBytes_IsTheVersionOrNone() => Fuzz.Bytes(
        [VersionRecord.Encode(Film)],
        bytes =>
        {
            if (VersionRecord.TryDecode(bytes, Film.Id, ChunkSize) is { } version)
            {
                Assert.Equal(Film.Id, version.Id);
                Assert.True(version.IsSameVersionAs(Film));
            }
        });

    [Fact]
    public void ChunkFileHeader_AnyBytes_IsTheChunksOrNone()
    {
        var chunk = Film.Chunk(3);
        var bytes = TestChunks.BytesOf(chunk);
        Fuzz.Bytes(
            [ChunkFileHeader.Encode(chunk, BlockChecksums.Of(bytes, DiskTier.BlockSize))],
            header =>
            {
                ChunkFileHeader.TryDecode(header, chunk);
                ChunkFileHeader.TryReadObject((destination, offset) =>
                {
                    var rest = offset < header.Length ? header.AsSpan((int)offset) : default;
                    var count = Math.Min(rest.Length, destination.Length);
                    rest[..count].CopyTo(destination);
                    return count;
                });
            });
    }
}
