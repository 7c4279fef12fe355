using System.Diagnostics;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Evicted files whose blocks take a new chunk.</summary>
public sealed class ReusedFilesTests : IAsyncDisposable
{
    private const int ChunkSize = 128 * 1024;

    private readonly TierDirectory _directory = new() { Budget = 3_000_000 };
    private readonly ScriptedFiles _files = new();
    private readonly string _elsewhere = Directory.CreateTempSubdirectory("chunkproxy-elsewhere-").FullName;

    public ReusedFilesTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are reused on Linux.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _directory.DisposeAsync();
        Directory.Delete(_elsewhere, recursive: true);
    }

    [Theory]
    [InlineData(ChunkSize)]
    [InlineData(ChunkSize - 1)]
    [InlineData(60_000)]
    public async Task Store_FullDirectory_FilesAreReusedAndHaveExactlyTheNewBytes(int length)
    {
        await _directory.StartAndScanAsync(_files);
        Chunk[] chunks = [.. Enumerable.Range(0, 100).Select(i => Film(i, length - (i % 2)))];

        foreach (var chunk in chunks)
        {
            await _directory.StoreAsync(chunk);
        }

        var evictions = (int)_directory.Tier.State.Evictions;
        Assert.InRange(_files.Overwritten, evictions - 8, evictions); // directories need room too
        Assert.InRange(evictions, 50, 90);
        var kept = await HitsAsync(chunks);
        Assert.Equal(100 - evictions, kept);
        Assert.Equal(0, _directory.Tier.State.Damaged);
        Assert.InRange(_directory.Tier.State.UsedBytes, _directory.Files.Sum(file => DiskEntry.SizeOnDisk(new FileInfo(file).Length)), _directory.Budget);
        await _directory.RestartAsync();
        Assert.Equal(kept, _directory.Tier.State.Files);
    }

    [Fact]
    public async Task Store_EvictedFilesHaveOtherNames_TheseKeepTheirBytes()
    {
        await _directory.StartAndScanAsync(_files);
        Chunk[] first = [.. Enumerable.Range(0, 22).Select(i => Film(i, ChunkSize))];
        await _directory.StoreAsync(first);
        var copies = new Dictionary<string, byte[]>();
        foreach (var file in _directory.Files)
        {
            var copy = Path.Combine(_elsewhere, Path.GetFileName(file));
            using var link = Process.Start("ln", [file, copy]);
            await link.WaitForExitAsync(Cancel);
            copies.Add(copy, await File.ReadAllBytesAsync(file, Cancel));
        }

        await _directory.StoreAsync(Enumerable.Range(100, 20).Select(i => Film(i, ChunkSize)));

        Assert.Contains(copies, copy => !_directory.Files.Select(Path.GetFileName).Contains(Path.GetFileName(copy.Key)));
        Assert.All(copies, copy => Assert.True(copy.Value.AsSpan().SequenceEqual(File.ReadAllBytes(copy.Key))));
    }

    [Fact]
    public async Task Read_FileOpenWhileOthersAreEvicted_GetsItsBytesToTheEnd()
    {
        await _directory.StartAndScanAsync(_files);
        var chunk = Film(0, ChunkSize);
        await _directory.StoreAsync(chunk);
        using var opened = await _directory.Tier.OpenAsync(chunk, Cancel);
        Assert.NotNull(opened);

        await _directory.StoreAsync(Enumerable.Range(1, 60).Select(i => Film(i, ChunkSize)));

        Assert.True(_files.Overwritten > 20);
        var bytes = new byte[ChunkSize];
        Assert.True(await opened.ReadAsync(0, bytes, Cancel));
        Assert.True(TestChunks.BytesOf(chunk).AsSpan().SequenceEqual(bytes));
        Assert.Equal(0, _directory.Tier.State.Damaged);
    }

    [Fact]
    public async Task Store_EvictedFilesAreOpenWithoutAnEntry_ReadersKeepTheirBytesAndTheDiskIsWell()
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(Enumerable.Range(0, 22).Select(i => Film(i, ChunkSize)));
        var readers = _directory.Files.ToDictionary(static file => new DiskFiles().Open(file), File.ReadAllBytes); // as before a scan reached them

        await _directory.StoreAsync(Enumerable.Range(100, 20).Select(i => Film(i, ChunkSize)));

        foreach (var (reader, bytes) in readers)
        {
            var now = new byte[bytes.Length];
            Assert.Equal(bytes.Length, new DiskFiles().Read(reader, now, 0));
            Assert.True(bytes.AsSpan().SequenceEqual(now));
            reader.Dispose();
        }

        Assert.InRange(_directory.Tier.State.Evictions, 10, 30);
        Assert.Null(_directory.Tier.State.DegradedReason);
        Assert.Equal(_directory.Files.Length, await HitsAsync(Enumerable.Range(0, 22).Concat(Enumerable.Range(100, 20)).Select(i => Film(i, ChunkSize))));
    }

    [Fact]
    public void TryClaim_VictimWithAReader_IsRefused()
    {
        var index = new DiskIndex(1_000_000);
        var key = Film(0, ChunkSize).Key;
        index.Space.Charge(ChunkSize);
        index.Add(key, ChunkSize);
        var victim = index.NextVictim();
        Assert.NotNull(victim);

        var reader = index.Enter(key); // after the choice of the victim
        Assert.False(index.TryClaim(victim));
        reader!.Leave();

        Assert.True(index.TryClaim(victim));
        Assert.Null(index.Enter(key));
        Assert.False(index.TryClaim(victim));
    }

    [Fact]
    public async Task Store_EvictedFileCannotBeRenamed_NothingMoreIsWrittenUntilItCan()
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(Enumerable.Range(0, 22).Select(i => Film(i, ChunkSize)));
        var files = _directory.Files;
        _files.Fail("EIO", nameof(IDiskFiles.Rename));

        await _directory.StoreAsync(Film(100, ChunkSize));

        Assert.Equal(files, _directory.Files);
        Assert.NotNull(_directory.Tier.State.DegradedReason);
        _files.Before = static (_, _) => { };
        Assert.Equal(files.Length, await HitsAsync(Enumerable.Range(0, 22).Select(i => Film(i, ChunkSize))));
        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        await _directory.StoreAsync(Film(101, ChunkSize));
        await _directory.AssertHitAsync(Film(101, ChunkSize));
        Assert.Null(_directory.Tier.State.DegradedReason);
    }

    [Fact]
    public async Task Store_EvictedFileIsMissing_IsNoFaultOfTheDisk()
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(Enumerable.Range(0, 22).Select(i => Film(i, ChunkSize)));
        _files.Before = (operation, path) =>
        {
            if (operation == nameof(IDiskFiles.Rename) && path!.EndsWith(".tmp", StringComparison.Ordinal))
            {
                Array.ForEach(_directory.Files, File.Delete); // as a reader that finds damage does
            }
        };

        await _directory.StoreAsync(Film(100, ChunkSize));

        Assert.Null(_directory.Tier.State.DegradedReason);
        await _directory.AssertHitAsync(Film(100, ChunkSize));
    }

    [Fact]
    public async Task Store_OverwritingFails_TheNewFileGoesAndTheBudgetHolds()
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(Enumerable.Range(0, 22).Select(i => Film(i, ChunkSize)));
        var files = _directory.Files.Length;
        _files.Fail("EIO", nameof(IDiskFiles.Write));

        await _directory.StoreAsync(Film(100, ChunkSize));

        Assert.Equal(files - 1, _directory.Files.Length);
        Assert.DoesNotContain(Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories), file => DiskTree.IsTemporary(file));
        Assert.InRange(_directory.Tier.State.UsedBytes, _directory.Files.Sum(file => DiskEntry.SizeOnDisk(new FileInfo(file).Length)), _directory.Budget);
    }

    // Number of chunks that are on disk with their bytes.
    private async Task<int> HitsAsync(IEnumerable<Chunk> chunks)
    {
        var hits = 0;
        foreach (var chunk in chunks)
        {
            if (await _directory.ReadAsync(chunk) is { } bytes)
            {
                Assert.True(TestChunks.BytesOf(chunk).AsSpan().SequenceEqual(bytes), "The tier gave wrong bytes.");
                hits++;
            }
        }

        return hits;
    }

    private static Chunk Film(int number, int length) => TestChunks.Version($"/film{number}.mp4", length, ChunkSize).Chunk(0);
}
