using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class ChunkFileHeaderTests : IAsyncDisposable
{
    private const int HeaderChecksumAt = 48;

    private readonly TierDirectory _directory = new();

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Theory]
    [InlineData(DirectWrites.ShortestFile - 1, false)]
    [InlineData(DirectWrites.ShortestFile, true)]
    [InlineData(1024 * 1024, true)]
    [InlineData((1024 * 1024) - 1, true)]
    public async Task Store_ChunkOfAnyLength_ALongOneBeginsAtABlockOfTheFile(int length, bool isPadded)
    {
        var chunk = TestChunks.Version("/film.mp4", length, Math.Max(length, 64 * 1024)).Chunk(0);
        await _directory.StartAndScanAsync();

        await _directory.StoreAsync(chunk);

        var file = await File.ReadAllBytesAsync(Assert.Single(_directory.Files), TestContext.Current.CancellationToken);
        Assert.Equal(isPadded, (file.Length - length) % DirectWrites.Alignment == 0);
        Assert.True(TestChunks.BytesOf(chunk).AsSpan().SequenceEqual(file.AsSpan(file.Length - length)));
        await _directory.AssertHitAsync(chunk);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(DirectWrites.Alignment)]
    public async Task Open_OtherPadding_IsAMissAndTheFileGoes(int padding)
    {
        var chunk = TestChunks.Version("/film.mp4", 1_000_000, 256 * 1024).Chunk(1);
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(chunk);
        var path = Assert.Single(_directory.Files);

        await RewriteAsync(path, chunk, padding);
        await _directory.RestartAsync();

        await _directory.AssertMissAsync(chunk);
        Assert.Empty(_directory.Files);
    }

    // Writes the file with another number of zeros between the header and the chunk, and a correct checksum.
    private static async Task RewriteAsync(string path, Chunk chunk, int padding)
    {
        var file = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        var header = file.AsSpan(0, file.Length - chunk.Length).TrimEnd((byte)0);
        byte[] rewritten = [.. header, .. new byte[padding]];
        RecordChecksum.Seal(rewritten, HeaderChecksumAt);
        await File.WriteAllBytesAsync(path, [.. rewritten, .. file[^chunk.Length..]], TestContext.Current.CancellationToken);
    }
}
