using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>A tier over several directories that work.</summary>
public sealed class SeveralDisksTests : IAsyncDisposable
{
    private const int ChunkSize = 20_000;

    private readonly SeveralDirectories _disks = new(16, 16, 32);
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 1000L * ChunkSize, ChunkSize);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _disks.DisposeAsync();

    [Fact]
    public async Task Store_ManyChunks_AreSpreadByBudgetAndAllServed()
    {
        await _disks.StartAsync();

        await _disks.StoreAsync(Chunks(0, 400));

        await _disks.AssertHitsAsync(Chunks(0, 400));
        Assert.InRange(_disks.FilesIn(0).Length, 60, 140); // a quarter is 100; five standard deviations are 43
        Assert.InRange(_disks.FilesIn(1).Length, 60, 140);
        Assert.InRange(_disks.FilesIn(2).Length, 150, 250);
        Assert.Equal(400, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length));
        Assert.Equal(400, _disks.Tier.NumbersOf(_film).Count);
        var state = _disks.Tier.State;
        Assert.Equal((64L * 1024 * 1024, 400, 400, 400L, 0L), (state.BudgetBytes, state.Files, (int)state.Writes, state.Hits, state.Misses));
        Assert.Equal(state.UsedBytes, state.Directories.Sum(directory => directory.UsedBytes));
        Assert.Equal(_disks.Paths, state.Directories.Select(directory => directory.Directory));
    }

    [Fact]
    public async Task Start_DirectoryAdded_OnlyItsShareOfNewChunksGoesThereAndTheOldOnesAreServed()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 200));
        var before = Enumerable.Range(0, 3).Select(i => _disks.FilesIn(i).Length).ToList();

        _disks.Add("new", 64);
        await _disks.RestartAsync();
        await _disks.AssertHitsAsync(Chunks(0, 200));
        await _disks.StoreAsync(Chunks(0, 400)); // those that are there are not written again

        await _disks.AssertHitsAsync(Chunks(0, 400));
        Assert.InRange(_disks.FilesIn(3).Length, 65, 135); // half of 200
        Assert.Equal(400, Enumerable.Range(0, 4).Sum(i => _disks.FilesIn(i).Length));
        Assert.All(Enumerable.Range(0, 3), i => Assert.True(_disks.FilesIn(i).Length >= before[i]));
    }

    [Fact]
    public async Task Start_DirectoriesInAnotherOrder_EveryChunkIsServed()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 100));

        _disks.Paths.Reverse();
        _disks.Budgets.Reverse();
        await _disks.RestartAsync();

        await _disks.AssertHitsAsync(Chunks(0, 100));
    }

    [Fact]
    public async Task Start_DirectoryTakenAway_OnlyItsChunksAreGone()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 100));
        var lost = _disks.FilesIn(2).Length;

        _disks.Paths.RemoveAt(2);
        _disks.Budgets.RemoveAt(2);
        await _disks.RestartAsync();

        var found = 0;
        foreach (var chunk in Chunks(0, 100))
        {
            found += await _disks.HasAsync(chunk) ? 1 : 0;
        }

        Assert.Equal(100 - lost, found);
        Assert.Equal(lost, _disks.Tier.State.Misses);
        await _disks.StoreAsync(Chunks(0, 100));
        await _disks.AssertHitsAsync(Chunks(0, 100));
    }

    [Fact]
    public async Task OpenAsync_ScanNotFinished_FindsTheChunkByName()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 30));
        await _disks.Tier.DisposeAsync();
        using var mayScan = new ManualResetEventSlim();
        _disks.Files.Before = (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Walk))
            {
                mayScan.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
            }
        };
        _disks.Start();
        try
        {
            await _disks.AssertHitsAsync(Chunks(0, 30));
            Assert.False(await _disks.HasAsync(_film.Chunk(31)));
            Assert.Equal(1, _disks.Tier.State.Misses); // once, not in each directory
            Assert.False(_disks.Tier.State.IsScanFinished);
        }
        finally
        {
            mayScan.Set();
        }
    }

    [Fact]
    public async Task OpenAsync_ScanEndsMeanwhile_FindsTheChunkInTheIndex()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 30));
        await _disks.Tier.DisposeAsync();
        foreach (var file in _disks.FilesIn(0))
        {
            var elsewhere = _disks.Paths[1] + file[_disks.Paths[0].Length..]; // as if its own directory had failed
            Directory.CreateDirectory(Path.GetDirectoryName(elsewhere)!);
            File.Move(file, elsewhere);
        }

        using var mayScan = new ManualResetEventSlim();
        using var mayScanFirst = new ManualResetEventSlim();
        var directory = _disks.Paths[0] + Path.DirectorySeparatorChar;
        _disks.Files.Before = (operation, path) =>
        {
            var isFirst = path?.StartsWith(directory, StringComparison.Ordinal) is true;
            if (operation == nameof(IDiskFiles.Walk))
            {
                (isFirst ? mayScanFirst : mayScan).Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
            }
            else if (operation == nameof(IDiskFiles.Open) && isFirst)
            {
                mayScan.Set();
                SpinWait.SpinUntil(() => _disks.States[1].IsScanFinished && _disks.States[2].IsScanFinished, TimeSpan.FromSeconds(60));
            }
        };
        _disks.Start();
        try
        {
            await _disks.AssertHitsAsync(Chunks(0, 30));
            Assert.Equal([false, true, true], _disks.States.Select(state => state.IsScanFinished));
        }
        finally
        {
            mayScan.Set();
            mayScanFirst.Set();
        }
    }

    [Fact]
    public async Task Start_OneDirectoryIsInUse_IsRefusedAndTheOthersAreFree()
    {
        await _disks.StartAsync();
        await using var others = new SeveralDirectories(16, 16);
        others.Paths[1] = _disks.Paths[0];

        var error = Assert.Throws<DirectoryInUseException>(others.Start);

        Assert.StartsWith($"The cache directory {_disks.Paths[0]} is in use by another process.", error.Message, StringComparison.Ordinal);
        await _disks.Tier.DisposeAsync();
        await others.StartAsync();
    }

    [Fact]
    public async Task RemoveObjectsAsync_ChunksInEveryDirectory_AllAreDeletedAndCountedOnce()
    {
        await _disks.StartAsync();
        var other = TestChunks.Version("/other.mp4", 30L * ChunkSize, ChunkSize);
        _disks.Tier.StoreVersion(_film);
        await _disks.StoreAsync([.. Chunks(0, 30), .. Enumerable.Range(0, 30).Select(i => other.Chunk(i))]);

        var gone = await _disks.Tier.RemoveObjectsAsync(stored => stored.Id == _film.Id.Hash);

        Assert.Equal(Chunks(0, 30).Select(chunk => chunk.Key).OrderBy(key => key.Index), gone.Select(it => it.Key).OrderBy(key => key.Index));
        Assert.Equal(30, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length));
        Assert.Null(await _disks.Tier.FindVersionAsync(_film.Id, ChunkSize, Cancel));
        await _disks.AssertHitsAsync(Enumerable.Range(0, 30).Select(i => other.Chunk(i)));
    }

    [Fact]
    public async Task RemoveNamedAndVersion_ChunksInEveryDirectory_AllAreDeleted()
    {
        await _disks.StartAsync();
        var other = TestChunks.Version("/other.mp4", 30L * ChunkSize, ChunkSize);
        await _disks.StoreAsync([.. Chunks(0, 30), .. Enumerable.Range(0, 30).Select(i => other.Chunk(i))]);

        await _disks.Tier.RemoveNamedAsync(stored => stored.Name == _film.Id.Name);
        Assert.Equal(30, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length));

        _disks.Tier.RemoveVersion(other);
        await _disks.Tier.WhenIdleAsync();
        Assert.Equal(0, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length));
    }

    [Fact]
    public async Task Remove_Chunk_IsAMissAtOnceAndItsFileGoes()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 10));

        _disks.Tier.Remove(_film.Chunk(3));

        Assert.False(_disks.Tier.Contains(_film.Chunk(3).Key));
        await _disks.Tier.WhenIdleAsync();
        Assert.Equal(9, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length));
    }

    [Fact]
    public async Task Store_MoreThanTheBudgets_EachIsKept()
    {
        await using var small = new SeveralDirectories(2, 4);
        await small.StartAsync();

        await small.StoreAsync(Chunks(0, 600)); // 14 MiB

        Assert.All(small.States, directory => Assert.InRange(directory.UsedBytes, directory.BudgetBytes * 9 / 10, directory.BudgetBytes));
        Assert.True(small.Tier.State.Evictions > 250);
        Assert.Equal(0, small.Tier.State.DroppedWrites);
        await small.AssertHitsAsync([_film.Chunk(599)]);
    }

    private IEnumerable<Chunk> Chunks(int first, int count) => Enumerable.Range(first, count).Select(index => _film.Chunk(index));
}
