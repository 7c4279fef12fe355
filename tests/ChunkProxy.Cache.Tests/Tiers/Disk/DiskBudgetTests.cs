using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskBudgetTests : IAsyncDisposable
{
    private const int ChunkSize = 60_000;

    private readonly TierDirectory _directory = new() { Budget = 3_000_000 };
    private readonly ScriptedFiles _files = new();
    private long _most;

    public DiskBudgetTests() => _files.AfterChange = () => _most = Math.Max(_most, OnDisk());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Fact]
    public async Task Store_ManyTimesTheBudget_TheDirectoryNeverHoldsMore()
    {
        var tier = await _directory.StartAndScanAsync(_files);

        for (var i = 0; i < 100; i++)
        {
            var version = TestChunks.Version($"/film{i}.mp4", 4L * ChunkSize - 50_001, ChunkSize);
            tier.StoreVersion(version);
            await _directory.StoreAsync(version.Chunk(0), version.Chunk(1), version.Chunk(3));
            Assert.InRange(tier.State.UsedBytes, OnDisk(), _directory.Budget);
        }

        Assert.InRange(_most, _directory.Budget - (2 * DiskEntry.SizeOnDisk(ChunkSize + 4096)), _directory.Budget);
        Assert.True(tier.State.Evictions > 200);
        Assert.Equal(400, tier.State.Writes);
        Assert.Equal(0, tier.State.DroppedWrites);
    }

    [Fact]
    public async Task Store_ConcurrentWithReadersOfDamagedFiles_TheBudgetHoldsAndNoWrongByteComesOut()
    {
        var tier = await _directory.StartAndScanAsync();
        var versions = Enumerable.Range(0, 30).Select(i => TestChunks.Version($"/film{i}.mp4", 3L * ChunkSize, ChunkSize)).ToArray();
        var chunks = versions.SelectMany(version => new[] { version.Chunk(0), version.Chunk(1), version.Chunk(2) }).ToArray();
        var tree = new DiskTree(_directory.Path);

        async Task WorkAsync(int seed)
        {
            var random = new Random(seed);
            for (var i = 0; i < 400; i++)
            {
                var chunk = chunks[random.Next(chunks.Length)];
                switch (random.Next(8))
                {
                    case 0:
                        Damage(tree.PathOf(chunk.Key), random);
                        break;
                    case 1:
                        tier.Remove(chunk);
                        break;
                    case < 5:
                        _directory.Store(chunk);
                        break;
                    default:
                        if (await _directory.ReadAsync(chunk) is { } bytes)
                        {
                            Assert.True(TestChunks.BytesOf(chunk).AsSpan().SequenceEqual(bytes), "The tier gave wrong bytes.");
                        }

                        break;
                }

                Assert.InRange(tier.State.UsedBytes, 0, _directory.Budget);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() => WorkAsync(seed), Cancel)));
        await tier.WhenIdleAsync();

        Assert.InRange(tier.State.UsedBytes, OnDisk(), _directory.Budget);
        Assert.Null(tier.State.DegradedReason);
        var used = tier.State.UsedBytes;
        await _directory.RestartAsync();
        Assert.InRange(_directory.Tier.State.UsedBytes, 0, used); // at most, an overcharge is corrected
    }

    [Fact]
    public async Task Restart_SmallerBudget_IsHeldWhenTheScanIsOver()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(Enumerable.Range(0, 40).Select(i => TestChunks.Version($"/film{i}.mp4", ChunkSize, ChunkSize).Chunk(0)));
        await _directory.Tier.DisposeAsync();
        Assert.True(OnDisk() > 1_000_000);

        _directory.Budget = 1_000_000;
        await _directory.StartAndScanAsync();

        Assert.InRange(OnDisk(), 500_000, 1_000_000);
        Assert.True(_directory.Tier.State.Evictions > 0);
    }

    [Fact]
    public async Task Store_ChunkLargerThanTheBudget_IsDroppedAndNothingElseLeaves()
    {
        _directory.Budget = 200_000;
        var small = TestChunks.Version("/small.mp4", 1000, ChunkSize).Chunk(0);
        var large = TestChunks.Version("/large.mp4", 190_000, 1_000_000).Chunk(0);
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(small);

        await _directory.StoreAsync(large);

        Assert.Equal(1, _directory.Tier.State.DroppedWrites);
        await _directory.AssertMissAsync(large);
        await _directory.AssertHitAsync(small);
    }

    [Fact]
    public async Task Store_EverythingIsOpen_NothingIsEvictedAndTheWriteIsDropped()
    {
        _directory.Budget = 300_000;
        var chunks = Enumerable.Range(0, 6).Select(i => TestChunks.Version("/film.mp4", 6 * ChunkSize, ChunkSize).Chunk(i)).ToArray();
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(chunks[..4]);
        var open = new List<DiskChunk>();
        foreach (var chunk in chunks[..4])
        {
            open.Add((await _directory.Tier.OpenAsync(chunk, Cancel))!);
        }

        await _directory.StoreAsync(chunks[4]);
        Assert.Equal(0, _directory.Tier.State.Evictions); // an open file would give no room back
        Assert.Equal(1, _directory.Tier.State.DroppedWrites);

        open.ForEach(chunk => chunk.Dispose());
        await _directory.StoreAsync(chunks[5]);
        Assert.Equal(1, _directory.Tier.State.Evictions);
        await _directory.AssertHitAsync(chunks[5]);
    }

    [Fact]
    public async Task Store_WatchedOnceChunksPassThrough_WhatIsReadAgainStaysAndSoDoesItsRecord()
    {
        var loved = TestChunks.Version("/loved.mp4", 3 * ChunkSize, ChunkSize);
        var tier = await _directory.StartAndScanAsync();
        tier.StoreVersion(loved);
        await _directory.StoreAsync(loved.Chunk(0), loved.Chunk(1), loved.Chunk(2));
        for (var i = 0; i < 3 * 3; i++)
        {
            await _directory.AssertHitAsync(loved.Chunk(i % 3));
        }

        await _directory.StoreAsync(Enumerable.Range(0, 300).Select(i => TestChunks.Version($"/once{i}.mp4", ChunkSize, ChunkSize).Chunk(0)));

        Assert.True(tier.State.Evictions > 200);
        Assert.NotNull(await tier.FindVersionAsync(loved.Id, ChunkSize, Cancel));
        await _directory.AssertHitAsync(loved.Chunk(0));
        await _directory.AssertHitAsync(loved.Chunk(1));
        await _directory.AssertHitAsync(loved.Chunk(2));
    }

    /// <summary>Bytes below the directory, each file and directory rounded up to 4 KiB.</summary>
    private long OnDisk() => new DirectoryInfo(_directory.Path)
        .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
        .Sum(item => item is FileInfo file ? (file.Length + 4095) / 4096 * 4096 : 4096);

    private static void Damage(string path, Random random)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            var at = random.NextInt64(RandomAccess.GetLength(file));
            Span<byte> one = [0];
            RandomAccess.Read(file, one, at);
            one[0] ^= 1;
            RandomAccess.Write(file, one, at);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // not there, or just being written
        }
    }
}
