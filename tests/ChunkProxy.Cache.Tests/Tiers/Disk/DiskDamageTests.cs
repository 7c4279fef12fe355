using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskDamageTests : IAsyncDisposable
{
    private const int ChunkSize = (3 * DiskTier.BlockSize) + 777;

    private readonly TierDirectory _directory = new();
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4?x=1", 10L * ChunkSize, ChunkSize);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Fact]
    public async Task OpenAsync_BitsOfEveryByteOfTheHeaderFlipped_IsAMissAndTheFileGoes()
    {
        var (path, original) = await StoreOneAsync();
        var headerLength = original.Length - ChunkSize;
        Assert.InRange(headerLength, 56, 300);

        for (var bit = 0; bit < headerLength * 8; bit += 5)
        {
            var damaged = original.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            await AssertRefusedAsync(path, damaged, original);
        }
    }

    [Fact]
    public async Task ReadAsync_AnyByteOfTheFileChanged_IsAMissAndTheFileGoes()
    {
        var (path, original) = await StoreOneAsync();

        await Gen.Select(Gen.Int[0, original.Length - 1], Gen.Byte[1, 255]).SampleAsync(
            async (at, change) =>
            {
                var damaged = original.ToArray();
                damaged[at] ^= change;
                await AssertRefusedAsync(path, damaged, original);
                return true;
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task OpenAsync_TruncatedOrExtended_IsAMissAndTheFileGoes()
    {
        var (path, original) = await StoreOneAsync();

        await Gen.Int[0, original.Length + 70_000].Where(length => length != original.Length).SampleAsync(
            async length =>
            {
                var damaged = new byte[length]; // zeros where there was nothing
                original.AsSpan(0, Math.Min(length, original.Length)).CopyTo(damaged);
                await AssertRefusedAsync(path, damaged, original);
                return true;
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task OpenAsync_RunOfTheFileZeroed_IsAMissAndTheFileGoes()
    {
        var (path, original) = await StoreOneAsync();

        // The state after a power failure: the length reached the disk, but some pages did not.
        for (var page = 0; page < original.Length; page += 4096 * 3)
        {
            var damaged = original.ToArray();
            damaged.AsSpan(page, Math.Min(4096, damaged.Length - page)).Clear();
            await AssertRefusedAsync(path, damaged, original);
        }
    }

    [Fact]
    public async Task OpenAsync_BlocksOfTheFileExchanged_IsAMiss()
    {
        var (path, original) = await StoreOneAsync();
        var damaged = original.ToArray();
        var (first, second) = (original.Length - ChunkSize, original.Length - ChunkSize + DiskTier.BlockSize);
        original.AsSpan(first, DiskTier.BlockSize).CopyTo(damaged.AsSpan(second));
        original.AsSpan(second, DiskTier.BlockSize).CopyTo(damaged.AsSpan(first));

        await AssertRefusedAsync(path, damaged, original);
    }

    [Fact]
    public async Task ReadAsync_OneBlockDamaged_EarlierBlocksAreGoodAndItIsNot()
    {
        var (path, original) = await StoreOneAsync();
        original[^(ChunkSize - DiskTier.BlockSize - 5)] ^= 0x10;
        await File.WriteAllBytesAsync(path, original, Cancel);
        using var opened = await _directory.Tier.OpenAsync(_film.Chunk(0), Cancel);
        var block = new byte[DiskTier.BlockSize];

        Assert.True(await opened!.ReadAsync(0, block, Cancel));
        Assert.True(TestChunks.BytesOf(_film.Chunk(0)).AsSpan(0, block.Length).SequenceEqual(block));
        Assert.False(await opened.ReadAsync(DiskTier.BlockSize, block, Cancel));
        Assert.False(File.Exists(path));
        Assert.False(await opened.ReadAsync(0, block, Cancel));
        Assert.Equal(1, _directory.Tier.State.Damaged);
    }

    [Fact]
    public async Task ReadAsync_AnyByteOfTheChunkChangedInAFileThatIsKeptOpen_IsAMissAndTheFileGoes()
    {
        var (path, original) = await StoreOneAsync();

        await Gen.Select(Gen.Int[original.Length - ChunkSize, original.Length - 1], Gen.Byte[1, 255]).SampleAsync(
            async (at, change) =>
            {
                await _directory.AssertHitAsync(_film.Chunk(0));
                var damaged = original.ToArray();
                damaged[at] ^= change;
                await File.WriteAllBytesAsync(path, damaged, Cancel);

                await _directory.AssertMissAsync(_film.Chunk(0));
                Assert.False(File.Exists(path));
                await _directory.StoreAsync(_film.Chunk(0));
                return true;
            },
            iter: 100,
            threads: 1);
    }

    [Fact]
    public async Task ReadAsync_FileThatIsKeptOpenTruncated_IsAMissAndTheFileGoes()
    {
        var (path, original) = await StoreOneAsync();
        await _directory.AssertHitAsync(_film.Chunk(0));
        await File.WriteAllBytesAsync(path, original[..^1], Cancel);

        await _directory.AssertMissAsync(_film.Chunk(0));

        Assert.False(File.Exists(path));
        Assert.Equal(1, _directory.Tier.State.Damaged);
    }

    [Fact]
    public async Task OpenAsync_FileRenamedToAnotherChunk_IsAMissThere()
    {
        var other = TestChunks.Version("/film.mp4?x=2", _film.Size, ChunkSize);
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0), _film.Chunk(1), other.Chunk(0));
        var tree = new DiskTree(_directory.Path);
        File.Copy(tree.PathOf(_film.Chunk(0).Key), tree.PathOf(_film.Chunk(1).Key), overwrite: true);
        File.Copy(tree.PathOf(_film.Chunk(0).Key), tree.PathOf(other.Chunk(0).Key), overwrite: true);

        await _directory.AssertMissAsync(_film.Chunk(1));
        await _directory.AssertMissAsync(other.Chunk(0));
        await _directory.AssertHitAsync(_film.Chunk(0));
        Assert.Equal(2, _directory.Tier.State.Damaged);
        Assert.Single(_directory.Files);
    }

    [Fact]
    public async Task Restart_EveryFileDamaged_NoneIsServedAndRoomIsGivenBack()
    {
        var chunks = Enumerable.Range(0, 10).Select(i => _film.Chunk(i)).ToArray();
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(chunks);
        _directory.Tier.StoreVersion(_film);
        await _directory.Tier.DisposeAsync();
        foreach (var file in _directory.Files)
        {
            var bytes = await File.ReadAllBytesAsync(file, Cancel);
            bytes[bytes.Length / 2] ^= 0xFF;
            await File.WriteAllBytesAsync(file, bytes, Cancel);
        }

        await _directory.StartAndScanAsync();
        foreach (var chunk in chunks)
        {
            await _directory.AssertMissAsync(chunk);
        }

        Assert.Null(await _directory.Tier.FindVersionAsync(_film.Id, ChunkSize, Cancel));
        Assert.Equal(11, _directory.Tier.State.Damaged);
        Assert.Equal(0, _directory.Tier.State.Files);
        Assert.Empty(_directory.Files);
        await _directory.StoreAsync(chunks);
        foreach (var chunk in chunks)
        {
            await _directory.AssertHitAsync(chunk);
        }
    }

    [Fact]
    public async Task FindVersionAsync_AnyByteOfTheRecordChanged_IsNullAndTheFileGoes()
    {
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(_film);
        await _directory.Tier.WhenIdleAsync();
        var path = Assert.Single(_directory.Files);
        var original = await File.ReadAllBytesAsync(path, Cancel);
        for (var at = 0; at < original.Length; at++)
        {
            var damaged = original.ToArray();
            damaged[at] ^= 0x41;
            await File.WriteAllBytesAsync(path, damaged, Cancel);

            Assert.Null(await _directory.Tier.FindVersionAsync(_film.Id, ChunkSize, Cancel));
            Assert.False(File.Exists(path));
            _directory.Tier.StoreVersion(_film);
            await _directory.Tier.WhenIdleAsync();
        }

        Assert.NotNull(await _directory.Tier.FindVersionAsync(_film.Id, ChunkSize, Cancel));
    }

    private async Task<(string Path, byte[] Bytes)> StoreOneAsync()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0));
        var path = Assert.Single(_directory.Files);
        return (path, await File.ReadAllBytesAsync(path, Cancel));
    }

    private async Task AssertRefusedAsync(string path, byte[] damaged, byte[] original)
    {
        await _directory.Tier.DisposeAsync(); // a tier that has read the file keeps it open, and verifies its header at opening
        await File.WriteAllBytesAsync(path, damaged, Cancel);
        await _directory.StartAndScanAsync();

        await _directory.AssertMissAsync(_film.Chunk(0));

        Assert.False(File.Exists(path));
        Assert.Equal(1, _directory.Tier.State.Damaged);
        Assert.Equal(0, _directory.Tier.State.Files);
        await _directory.StoreAsync(_film.Chunk(0)); // the tier heals: the next store is a hit
        await _directory.AssertHitAsync(_film.Chunk(0));
        Assert.Equal(original.Length, new FileInfo(path).Length);
    }
}
