using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskStartTests : IAsyncDisposable
{
    private const int ChunkSize = 100_000;
    private const int Many = 100_000;

    private readonly TierDirectory _directory = new();
    private readonly ManualResetEventSlim _scanMayGoOn = new();
    private readonly TaskCompletionSource _scanBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 10L * ChunkSize, ChunkSize);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _scanMayGoOn.Set();
        await _directory.DisposeAsync();
        _scanMayGoOn.Dispose();
    }

    [Fact]
    public async Task OpenAsync_ScanOfManyFilesHasOnlyBegun_GivesChunksAndRecords()
    {
        var found = 0;
        await StoreFilmAndStopAsync();
        _directory.Budget = long.MaxValue / 2;
        _directory.Start(new ScriptedFiles { Walking = _ => ManyFiles(() => found++) });
        await _scanBegan.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        await _directory.AssertHitAsync(_film.Chunk(0));
        Assert.NotNull(await _directory.Tier.FindVersionAsync(_film.Id, ChunkSize, Cancel));
        await _directory.AssertMissAsync(_film.Chunk(9));
        Assert.Equal(1, Volatile.Read(ref found));
        Assert.False(_directory.Tier.State.IsScanFinished);

        _scanMayGoOn.Set();
        await _directory.Tier.WhenIdleAsync();
        Assert.True(_directory.Tier.State.IsScanFinished);
        Assert.Equal(Many, _directory.Tier.State.Files);
    }

    [Fact]
    public async Task Store_ScanNotFinished_WaitsForItAndThenIsWritten()
    {
        await StoreFilmAndStopAsync();
        var before = _directory.Files.Length;
        _directory.Start(new ScriptedFiles { Before = HoldTheScan });
        await _scanBegan.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        _directory.Store(_film.Chunk(5));
        Assert.Equal(before, _directory.Files.Length);
        Assert.Equal(0, _directory.Tier.State.DroppedWrites);

        _scanMayGoOn.Set();
        await _directory.Tier.WhenIdleAsync();
        await _directory.AssertHitAsync(_film.Chunk(5));
    }

    [Fact]
    public async Task WhenRoomAsync_QueueIsFullAndTheScanIsNotFinished_DoesNotWait()
    {
        await FillTheQueueDuringTheScanAsync();

        Assert.True(_directory.Tier.WhenRoomAsync(Cancel).AsTask().IsCompleted); // nothing is written meanwhile

        _scanMayGoOn.Set();
        await _directory.Tier.WhenIdleAsync();
        await _directory.AssertHitAsync(_film.Chunk(2));
    }

    [Fact]
    public async Task Store_QueueIsFull_IsDroppedAndItsBufferGivenBack()
    {
        await FillTheQueueDuringTheScanAsync();

        var late = TestChunks.BufferOf(_film.Chunk(3));
        _directory.Tier.Store(_film.Chunk(3), late);
        late.Release();
        Assert.False(late.TryRetain());
        Assert.Equal(1, _directory.Tier.State.DroppedWrites);

        _scanMayGoOn.Set();
        await _directory.Tier.WhenIdleAsync();
        Assert.Equal(3, _directory.Tier.State.Writes);
        await _directory.StoreAsync(_film.Chunk(3)); // there is room again
        await _directory.AssertHitAsync(_film.Chunk(3));
    }

    [Fact]
    public async Task Store_Written_GivesTheBufferBack()
    {
        await _directory.StartAndScanAsync();
        var buffer = TestChunks.BufferOf(_film.Chunk(0));

        _directory.Tier.Store(_film.Chunk(0), buffer);
        buffer.Release();
        await _directory.Tier.WhenIdleAsync();

        Assert.False(buffer.TryRetain());
        await _directory.AssertHitAsync(_film.Chunk(0));
    }

    [Fact]
    public async Task DisposeAsync_ScanUnderWay_EndsItEarly()
    {
        var found = 0;
        _directory.Budget = long.MaxValue / 2;
        _directory.Start(new ScriptedFiles { Walking = _ => ManyFiles(() => found++) });
        await _scanBegan.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        var disposing = _directory.Tier.DisposeAsync();
        _scanMayGoOn.Set();
        await disposing;

        Assert.InRange(found, 1, 2);
    }

    [Fact]
    public async Task Start_LeftoversTornAndForeignFiles_AreDeletedAndCountedAndTheRestStays()
    {
        await StoreFilmAndStopAsync();
        var tree = new DiskTree(_directory.Path);
        var whole = await File.ReadAllBytesAsync(tree.PathOf(_film.Chunk(0).Key), Cancel);
        var inner = Path.GetDirectoryName(tree.PathOf(_film.Chunk(0).Key))!;
        var kept = _directory.Files.Order().ToArray();
        string[] foreign =
        [
            Path.Combine(inner, "README.txt"),
            Path.Combine(inner, "7d793037a0760186574b0282f2f435e7"), // how nginx names its cache files
            Path.Combine(inner, new string('0', 32) + "-0000000000000000.chunk"), // another directory's
            Path.Combine(inner, Path.GetFileName(tree.PathOf(_film.Chunk(0).Key)).ToUpperInvariant()),
            Path.Combine(inner, Path.GetFileName(tree.PathOf(_film.Chunk(0).Key)) + "~"),
            Path.Combine(tree.Root, Path.GetFileName(tree.PathOf(_film.Chunk(0).Key))),
        ];
        foreach (var file in foreign)
        {
            await File.WriteAllBytesAsync(file, whole, Cancel);
        }

        var empty = tree.PathOf(_film.Chunk(8).Key);
        await File.WriteAllBytesAsync(empty, [], Cancel);
        string[] unfinished = [tree.TemporaryPath(_film.Chunk(0).Key, 3), tree.TemporaryPath(_film.Chunk(8).Key, 4)];
        await File.WriteAllBytesAsync(unfinished[0], whole.AsMemory(0, 50_000), Cancel);
        await File.WriteAllBytesAsync(unfinished[1], [], Cancel);

        await _directory.StartAndScanAsync();

        Assert.Equal(kept, _directory.Files.Order());
        Assert.All([.. foreign, .. unfinished], file => Assert.False(File.Exists(file)));
        Assert.Equal(foreign.Length + 1, _directory.Tier.State.Damaged);
        await _directory.AssertHitAsync(_film.Chunk(0));
    }

    [Fact]
    public async Task Start_FilesOfOthersBesideTheTiersOwn_AreLeftAlone()
    {
        var theirs = Path.Combine(_directory.Path, "holiday.jpg");
        var folder = Directory.CreateDirectory(Path.Combine(_directory.Path, "tmp")).FullName;
        await File.WriteAllTextAsync(theirs, "theirs", Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "1.tmp"), "theirs", Cancel);

        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0));
        await _directory.RestartAsync();

        Assert.Equal("theirs", await File.ReadAllTextAsync(theirs, Cancel));
        Assert.Equal("theirs", await File.ReadAllTextAsync(Path.Combine(folder, "1.tmp"), Cancel));
        Assert.Equal(0, _directory.Tier.State.Damaged);
    }

    [Fact]
    public async Task Start_LinkToAnotherDirectoryInTheTree_NothingBehindItIsTouched()
    {
        await StoreFilmAndStopAsync();
        var outside = Directory.CreateTempSubdirectory("chunkproxy-outside-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(outside.FullName, "precious"), "theirs", Cancel);
            Directory.CreateSymbolicLink(Path.Combine(_directory.Path, "chunkproxy-1", "link"), outside.FullName);

            await _directory.StartAndScanAsync();

            Assert.Equal("theirs", await File.ReadAllTextAsync(Path.Combine(outside.FullName, "precious"), Cancel));
        }
        finally
        {
            outside.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Start_DirectoryInUse_FailsWithTheDirectoryAndWhatToDo()
    {
        await _directory.StartAndScanAsync();
        var options = new DiskTierOptions { Directory = _directory.Path, Budget = 1_000_000 };

        var error = Assert.Throws<DirectoryInUseException>(() => new DiskTier(options, _directory.Time, _directory.Log.LoggerFor<DiskTier>()));

        Assert.StartsWith($"The cache directory {_directory.Path} is in use by another process.", error.Message, StringComparison.Ordinal);
        Assert.Contains("-dir", error.Message, StringComparison.Ordinal);
        await _directory.RestartAsync(); // and it is free again when its user has gone
    }

    [Fact]
    public async Task Start_DirectoryIsNotThere_IsMade()
    {
        await using var deeper = new TierDirectory(Path.Combine(_directory.Path, "a", "b"));

        await deeper.StartAndScanAsync();
        await deeper.StoreAsync(_film.Chunk(0));

        await deeper.AssertHitAsync(_film.Chunk(0));
    }

    private async Task StoreFilmAndStopAsync()
    {
        await _directory.StartAndScanAsync();
        _directory.Tier.StoreVersion(_film);
        await _directory.StoreAsync(_film.Chunk(0), _film.Chunk(1));
        await _directory.Tier.DisposeAsync();
    }

    // Three chunks.
    private async Task FillTheQueueDuringTheScanAsync()
    {
        _directory.WriteQueueLimit = 3 * ChunkSize;
        _directory.Start(new ScriptedFiles { Before = HoldTheScan });
        await _scanBegan.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        for (var i = 0; i < 3; i++)
        {
            _directory.Store(_film.Chunk(i));
        }
    }

    private void HoldTheScan(string operation, string? path)
    {
        if (operation == nameof(IDiskFiles.Walk))
        {
            _scanBegan.TrySetResult();
            _scanMayGoOn.Wait(Cancel);
        }
    }

    // Files as a scan of a large directory finds them. The scan pauses after the first.
    private IEnumerable<DirectoryEntry> ManyFiles(Action count)
    {
        var tree = new DiskTree(_directory.Path);
        for (var i = 0; i < Many; i++)
        {
            if (i == 1)
            {
                _scanBegan.TrySetResult();
                _scanMayGoOn.Wait(Cancel);
            }

            count();
            yield return new DirectoryEntry(tree.PathOf(new ChunkKey(new Hash128((ulong)i << 32, 0), i)), ChunkSize, IsDirectory: false);
        }
    }
}
