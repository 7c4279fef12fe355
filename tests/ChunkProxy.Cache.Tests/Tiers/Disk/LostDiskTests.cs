using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>One of several directories fails: its part of the cache is lost, and nothing else.</summary>
public sealed class LostDiskTests : IAsyncDisposable
{
    private const int ChunkSize = 20_000;

    private readonly SeveralDirectories _disks = new(16, 16, 16);
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 1000L * ChunkSize, ChunkSize);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Faults => ["ENOSPC", "EIO", "EROFS", "EACCES"];

    public ValueTask DisposeAsync() => _disks.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Store_WritesFailInOneDirectory_TheOthersTakeItsChunksUntilItIsBack(string fault)
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 30));
        var before = _disks.FilesIn(1).Length;
        _disks.Fail(1, FaultOf(fault), nameof(IDiskFiles.Write));

        await _disks.StoreAsync(Chunks(30, 60));

        await _disks.AssertHitsAsync(Chunks(0, 90)); // those that were there are still read
        Assert.Equal(before, _disks.FilesIn(1).Length);
        Assert.Equal([false, true, false], _disks.States.Select(state => state.DegradedReason is not null));
        var state = _disks.Tier.State;
        Assert.Equal($"1 of 3 directories: {_disks.Paths[1]}: {_disks.States[1].DegradedReason}", state.DegradedReason);
        Assert.Equal(_disks.States[1].DegradedSince, state.DegradedSince);
        Assert.True(state.IsInUse);
        Assert.Equal(0, state.DroppedWrites);
        Assert.Single(_disks.Log.Of(LogLevel.Error));

        _disks.Heal();
        await _disks.StoreAsync(Chunks(90, 60));

        await _disks.AssertHitsAsync(Chunks(0, 150));
        Assert.True(_disks.FilesIn(1).Length > before);
        Assert.Null(_disks.Tier.State.DegradedReason);
        Assert.Single(_disks.Log.Of(LogLevel.Error));
    }

    [Fact]
    public async Task OpenAsync_ReadsFailInOneDirectory_ItsChunksAreFetchedAgainAndGoToTheOthersAndItsOwnAreServedLater()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 60));
        var own = Chunks(0, 60).Where(IsIn(1)).ToList();
        _disks.Fail(1, ScriptedFiles.InputOutput, nameof(IDiskFiles.Open), nameof(IDiskFiles.Read));

        foreach (var chunk in own)
        {
            Assert.False(await _disks.HasAsync(chunk));
        }

        await _disks.AssertHitsAsync(Chunks(0, 60).Except(own));
        Assert.All(own, chunk => Assert.False(_disks.Tier.Contains(chunk.Key))); // so that a fill stores them
        await _disks.StoreAsync(own);
        await _disks.AssertHitsAsync(Chunks(0, 60));
        Assert.Equal(60, _disks.FilesIn(0).Length + _disks.FilesIn(2).Length);

        _disks.Heal();
        await _disks.AssertHitsAsync(Chunks(0, 60));
        Assert.Null(_disks.Tier.State.DegradedReason);
        Assert.Equal(60, _disks.Tier.NumbersOf(_film).Count); // some are in two directories
    }

    [Fact]
    public async Task RemoveObjectsAsync_ChunksInTwoDirectories_BothGo()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 60));
        _disks.Fail(1, ScriptedFiles.InputOutput, nameof(IDiskFiles.Open), nameof(IDiskFiles.Read));
        foreach (var chunk in Chunks(0, 60))
        {
            await _disks.HasAsync(chunk);
        }

        await _disks.StoreAsync(Chunks(0, 60));
        _disks.Heal();
        Assert.True(Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length) > 60);

        await _disks.Tier.RemoveObjectsAsync(_ => true);

        Assert.Equal(0, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length));
        Assert.False(await _disks.HasAsync(_film.Chunk(0)));
    }

    [Fact]
    public async Task Store_DirectoryRemoved_ItsChunksAreWrittenElsewhereAndItIsBuiltAnew()
    {
        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 60));
        Directory.Delete(_disks.Paths[0], recursive: true);

        foreach (var chunk in Chunks(0, 60))
        {
            if (!await _disks.HasAsync(chunk))
            {
                _disks.Store(chunk);
            }
        }

        await _disks.WhenWrittenAsync();
        await _disks.AssertHitsAsync(Chunks(0, 60));
        Assert.Equal("the directory is gone", _disks.States[0].DegradedReason);

        _disks.Heal();
        await _disks.StoreAsync(Chunks(60, 60));
        await _disks.AssertHitsAsync(Chunks(0, 120));
        Assert.NotEmpty(_disks.FilesIn(0));
        Assert.Null(_disks.Tier.State.DegradedReason);
    }

    [Fact]
    public async Task Start_OneDirectoryCannotBeMade_TheOthersServeAndItIsUsedLater()
    {
        await File.WriteAllTextAsync(_disks.Paths[2], "a file where the directory should be", Cancel);

        await _disks.StartAsync();
        await _disks.StoreAsync(Chunks(0, 30));

        await _disks.AssertHitsAsync(Chunks(0, 30));
        Assert.NotNull(_disks.States[2].DegradedReason);

        File.Delete(_disks.Paths[2]);
        _disks.Heal();
        await _disks.StoreAsync(Chunks(30, 60));
        await _disks.AssertHitsAsync(Chunks(0, 90));
        Assert.NotEmpty(_disks.FilesIn(2));
        Assert.Null(_disks.Tier.State.DegradedReason);
    }

    [Fact]
    public async Task Store_EveryDirectoryFails_ChunksInMemoryAreWrittenWhenOneIsBack()
    {
        await _disks.StartAsync();
        _disks.Files.Before = (operation, _) => ScriptedFiles.ThrowIf(operation == nameof(IDiskFiles.Write), ScriptedFiles.NoSpace);
        await _disks.StoreAsync(Chunks(0, 20));
        Assert.All(_disks.States, state => Assert.NotNull(state.DegradedReason));
        Assert.False(_disks.Tier.State.IsInUse);
        Assert.False(await _disks.HasAsync(_film.Chunk(0)));

        _disks.Heal();
        await _disks.StoreAsync(Chunks(20, 40)); // wakes every directory
        await _disks.AssertHitsAsync(Chunks(0, 60));
        Assert.Equal(0, _disks.Tier.State.DroppedWrites);
    }

    [Fact]
    public async Task Store_DiskHangs_ChunksGoToTheOthersAndNoFillWaits()
    {
        _disks.WriteQueueLimit = 3 * ChunkSize;
        await _disks.StartAsync();
        using var mayWrite = new ManualResetEventSlim();
        _disks.Files.Before = (operation, path) =>
        {
            if (operation == nameof(IDiskFiles.Write) && path!.StartsWith(_disks.Paths[1], StringComparison.Ordinal))
            {
                mayWrite.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
            }
        };
        try
        {
            var hanging = 0;
            for (var i = 0; i < 60; i++)
            {
                Assert.True(_disks.Tier.WhenRoomAsync(Cancel).AsTask().IsCompleted);
                _disks.Store(_film.Chunk(i));
                hanging = (int)_disks.Tier.State.WaitingBytes / ChunkSize;
                while (_disks.Tier.State.WaitingBytes > 2 * ChunkSize)
                {
                    await Task.Yield(); // the other two directories write
                }
            }

            Assert.InRange(hanging, 1, 3);
            Assert.InRange(_disks.FilesIn(0).Length + _disks.FilesIn(2).Length, 57, 59);
        }
        finally
        {
            mayWrite.Set();
        }

        await _disks.WhenWrittenAsync();
        await _disks.AssertHitsAsync(Chunks(0, 60));
    }

    [Fact]
    public async Task Store_PurgedWhileItsDirectoryFails_IsWrittenNowhere()
    {
        await _disks.StartAsync();
        var chunk = Chunks(0, 100).First(IsToGoTo(1));
        using var mayFail = new ManualResetEventSlim();
        var writing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _disks.Files.Before = (operation, path) =>
        {
            if (operation == nameof(IDiskFiles.Write) && path!.StartsWith(_disks.Paths[1], StringComparison.Ordinal))
            {
                writing.TrySetResult();
                mayFail.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
                throw ScriptedFiles.InputOutput();
            }
        };
        _disks.Store(chunk);
        await writing.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

        _disks.Forget(chunk); // as a purge: first from memory, then from every directory
        var purging = _disks.Tier.RemoveObjectsAsync(_ => true);
        mayFail.Set();
        await purging;
        await _disks.WhenWrittenAsync();

        Assert.False(await _disks.HasAsync(chunk));
        Assert.Equal(0, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i).Length));
    }

    [Fact]
    public async Task FindVersionAsync_DirectoryThatWasAwayHasAnEarlierRecord_TheLatestCounts()
    {
        await _disks.StartAsync();
        var path = Enumerable.Range(0, 100).Select(i => $"/film-{i}.mp4").First(it => Placed(DiskTree.RecordKey(new ObjectId(it))) == 1);
        var (first, second, third) = (VersionOf(path, 1), VersionOf(path, 2), VersionOf(path, 3));
        _disks.Tier.StoreVersion(first);
        await _disks.Tier.WhenIdleAsync();
        Assert.Single(_disks.FilesIn(1, ".version"));

        _disks.Fail(1, ScriptedFiles.InputOutput, nameof(IDiskFiles.Open), nameof(IDiskFiles.Delete));
        Assert.Null(await _disks.Tier.FindVersionAsync(first.Id, ChunkSize, Cancel));
        _disks.Tier.StoreVersion(second);
        await _disks.Tier.WhenIdleAsync();
        Assert.Equal("\"2\"", (await _disks.Tier.FindVersionAsync(first.Id, ChunkSize, Cancel))?.Validator.Value);

        _disks.Heal();
        Assert.Equal("\"2\"", (await _disks.Tier.FindVersionAsync(first.Id, ChunkSize, Cancel))?.Validator.Value);

        _disks.Tier.StoreVersion(third);
        await _disks.Tier.WhenIdleAsync();
        Assert.Equal("\"3\"", (await _disks.Tier.FindVersionAsync(first.Id, ChunkSize, Cancel))?.Validator.Value);
        Assert.Equal(1, Enumerable.Range(0, 3).Sum(i => _disks.FilesIn(i, ".version").Length));
    }

    private static Func<Exception> FaultOf(string name) => name switch
    {
        "ENOSPC" => ScriptedFiles.NoSpace,
        "EIO" => ScriptedFiles.InputOutput,
        "EROFS" => ScriptedFiles.ReadOnly,
        _ => ScriptedFiles.Denied,
    };

    private static ObjectVersion VersionOf(string path, int number)
    {
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"{number}\"");
        var at = DateTimeOffset.UnixEpoch.AddYears(56).AddHours(number);
        return new ObjectVersion(
            new ObjectId(path), new Validator(etag), new ChunkLayout(ChunkSize, 1000), new OriginHeaders { ETag = etag, GeneratedAt = at, FreshUntil = at.AddHours(10 - number) });
    }

    private IEnumerable<Chunk> Chunks(int first, int count) => Enumerable.Range(first, count).Select(index => _film.Chunk(index));

    private Func<Chunk, bool> IsIn(int directory)
    {
        var tree = new DiskTree(_disks.Paths[directory]);
        return chunk => File.Exists(tree.PathOf(chunk.Key));
    }

    private Func<Chunk, bool> IsToGoTo(int directory) => chunk => Placed(chunk.Key) == directory;

    private int Placed(ChunkKey key)
    {
        Span<int> order = stackalloc int[3];
        new DiskPlacement([.. _disks.Paths.Select((path, i) => (path, _disks.Budgets[i]))]).Rank(key, order);
        return order[0];
    }
}
