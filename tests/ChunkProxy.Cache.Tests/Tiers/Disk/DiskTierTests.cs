using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskTierTests : IAsyncDisposable
{
    private const int ChunkSize = 256 * 1024;

    private readonly TierDirectory _directory = new();
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4?x=1", (3 * ChunkSize) + 100_001, ChunkSize);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<Chunk> FilmChunks => Enumerable.Range(0, (int)_film.Layout.ChunkCount).Select(i => _film.Chunk(i));

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Fact]
    public async Task OpenAsync_ChunkNeverStored_IsAMiss()
    {
        await _directory.StartAndScanAsync();

        Assert.Null(await _directory.Tier.OpenAsync(_film.Chunk(0), Cancel));
        Assert.Equal(1, _directory.Tier.State.Misses);
    }

    [Fact]
    public async Task Store_EveryChunkOfAnObject_EachGivesItsBytes()
    {
        await _directory.StartAndScanAsync();

        await _directory.StoreAsync(FilmChunks);

        foreach (var chunk in FilmChunks)
        {
            await _directory.AssertHitAsync(chunk);
        }

        Assert.Equal(4, _directory.Tier.State.Writes);
        Assert.Equal(4, _directory.Tier.State.Hits);
        Assert.Equal(4, _directory.Tier.State.Files);
    }

    [Fact]
    public async Task ReadAsync_AnyRunOfBlocks_GivesThoseBytes()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks);
        foreach (var chunk in FilmChunks)
        {
            var expected = TestChunks.BytesOf(chunk);
            using var opened = await _directory.Tier.OpenAsync(chunk, Cancel);
            Assert.NotNull(opened);
            for (var start = 0; start < chunk.Length; start += DiskTier.BlockSize)
            {
                for (var end = start + DiskTier.BlockSize; end < chunk.Length + DiskTier.BlockSize; end += DiskTier.BlockSize)
                {
                    var bytes = new byte[Math.Min(end, chunk.Length) - start];
                    Assert.True(await opened.ReadAsync(start, bytes, Cancel));
                    Assert.True(expected.AsSpan(start, bytes.Length).SequenceEqual(bytes));
                }
            }
        }
    }

    [Theory]
    [InlineData(1, DiskTier.BlockSize)]
    [InlineData(0, DiskTier.BlockSize - 1)]
    [InlineData(0, ChunkSize + 1)]
    [InlineData(-DiskTier.BlockSize, DiskTier.BlockSize)]
    [InlineData(ChunkSize, DiskTier.BlockSize)]
    public async Task ReadAsync_NotWholeBlocksOfTheChunk_IsRefused(int offset, int length)
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0));
        using var opened = await _directory.Tier.OpenAsync(_film.Chunk(0), Cancel);

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await opened!.ReadAsync(offset, new byte[length], Cancel));
    }

    [Fact]
    public async Task Restart_ChunksStoredBefore_AreHits()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks);
        var used = _directory.Tier.State.UsedBytes;

        await _directory.RestartAsync();

        Assert.Equal(4, _directory.Tier.State.Files);
        Assert.Equal(used, _directory.Tier.State.UsedBytes);
        foreach (var chunk in FilmChunks)
        {
            await _directory.AssertHitAsync(chunk);
        }
    }

    [Fact]
    public async Task OpenAsync_OtherVersionOfTheObject_IsAMiss()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks);

        await _directory.AssertMissAsync(TestChunks.Version("/film.mp4?x=1", _film.Size, ChunkSize, "\"v2\"").Chunk(0));
        await _directory.AssertMissAsync(TestChunks.Version("/film.mp4?x=1", _film.Size, ChunkSize * 2).Chunk(0));
        await _directory.AssertMissAsync(TestChunks.Version("/film.mp4?x=2", _film.Size, ChunkSize).Chunk(0));
        await _directory.AssertHitAsync(_film.Chunk(0));
    }

    [Fact]
    public async Task Remove_StoredChunk_IsAMissAtOnceAndItsFileGoes()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks);

        _directory.Tier.Remove(_film.Chunk(1));

        await _directory.AssertMissAsync(_film.Chunk(1));
        await _directory.Tier.WhenIdleAsync();
        Assert.Equal(3, _directory.Files.Length);
        await _directory.AssertHitAsync(_film.Chunk(2));
    }

    [Fact]
    public async Task Store_AfterRemove_IsAHitAgain()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks);

        _directory.Tier.Remove(_film.Chunk(1));
        await _directory.StoreAsync(_film.Chunk(1));

        await _directory.AssertHitAsync(_film.Chunk(1));
    }

    [Fact]
    public async Task RemoveVersion_TwoVersionsStored_OnlyItsChunksGo()
    {
        var other = TestChunks.Version("/film.mp4?x=1", _film.Size, ChunkSize, "\"v2\"");
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks.Append(other.Chunk(0)));

        _directory.Tier.RemoveVersion(_film);
        await _directory.Tier.WhenIdleAsync();

        Assert.Single(_directory.Files);
        await _directory.AssertMissAsync(_film.Chunk(0));
        await _directory.AssertHitAsync(other.Chunk(0));
    }

    [Fact]
    public async Task RemoveVersion_NeverStored_IsNoFault()
    {
        await _directory.StartAndScanAsync();

        _directory.Tier.RemoveVersion(_film);
        await _directory.Tier.WhenIdleAsync();

        Assert.Null(_directory.Tier.State.DegradedReason);
    }

    [Fact]
    public async Task ReadAsync_ChunkEvictedOrRemovedWhileOpen_StillGivesItsBytes()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0));
        using var opened = await _directory.Tier.OpenAsync(_film.Chunk(0), Cancel);
        _directory.Tier.Remove(_film.Chunk(0));
        await _directory.Tier.WhenIdleAsync();

        var bytes = new byte[ChunkSize];
        Assert.True(await opened!.ReadAsync(0, bytes, Cancel));
        Assert.True(TestChunks.BytesOf(_film.Chunk(0)).AsSpan().SequenceEqual(bytes));
    }

    [Fact]
    public async Task OpenAsync_ReadAgain_OpensItsFileOnce()
    {
        var opened = 0;
        var files = new ScriptedFiles { Before = (operation, _) => opened += operation == nameof(IDiskFiles.Open) ? 1 : 0 };
        await _directory.StartAndScanAsync(files);
        await _directory.StoreAsync(FilmChunks);

        for (var i = 0; i < 10; i++)
        {
            await _directory.AssertHitAsync(_film.Chunk(1));
        }

        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task Remove_FileThatIsKeptOpen_ClosesIt()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks);
        ChunkFile file;
        using (var opened = await _directory.Tier.OpenAsync(_film.Chunk(1), Cancel))
        {
            file = opened!.File;
        }

        Assert.False(file.Handle.IsClosed);
        _directory.Tier.Remove(_film.Chunk(1));
        await _directory.Tier.WhenIdleAsync();

        Assert.True(file.Handle.IsClosed);
    }

    [Fact]
    public async Task DisposeAsync_FilesKeptOpen_ClosesThem()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(FilmChunks);
        ChunkFile file;
        using (var opened = await _directory.Tier.OpenAsync(_film.Chunk(1), Cancel))
        {
            file = opened!.File;
        }

        await _directory.Tier.DisposeAsync();

        Assert.True(file.Handle.IsClosed);
    }

    [Fact]
    public async Task Store_AfterDispose_IsDroppedWithoutAnException()
    {
        await _directory.StartAndScanAsync();
        await _directory.Tier.DisposeAsync();

        _directory.Store(_film.Chunk(0));
        _directory.Tier.StoreVersion(_film);

        Assert.Equal(2, _directory.Tier.State.DroppedWrites);
        await _directory.AssertMissAsync(_film.Chunk(0));
    }

    [Fact]
    public async Task DisposeAsync_WritesStillQueued_TheyAreOnDiskAfterwards()
    {
        await _directory.StartAndScanAsync();
        foreach (var chunk in FilmChunks)
        {
            _directory.Store(chunk);
        }

        await _directory.RestartAsync();

        foreach (var chunk in FilmChunks)
        {
            await _directory.AssertHitAsync(chunk);
        }
    }

    [Fact]
    public async Task FileNames_HostilePath_AreHashesOnly()
    {
        var hostile = TestChunks.Version("/../../etc/passwd%00\\..\\x\n" + new string('a', 5000), 10, ChunkSize);
        await _directory.StartAndScanAsync();

        await _directory.StoreAsync(hostile.Chunk(0));
        _directory.Tier.StoreVersion(hostile);
        await _directory.Tier.WhenIdleAsync();

        await _directory.AssertHitAsync(hostile.Chunk(0));
        Assert.Equal(2, _directory.Files.Length);
        Assert.All(_directory.Files, file => Assert.Matches("/chunkproxy-1/[0-9a-f]/[0-9a-f]/[0-9a-f]{32}(-[0-9a-f]{16}[.]chunk|[.]version)$", file));
    }
}
