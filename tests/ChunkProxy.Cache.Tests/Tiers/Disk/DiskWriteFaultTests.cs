using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskWriteFaultTests : IAsyncDisposable
{
    private const int ChunkSize = 100_000;

    private readonly TierDirectory _directory = new();
    private readonly ScriptedFiles _files = new();
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 100L * ChunkSize, ChunkSize);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DiskTierState State => _directory.Tier.State;

    public static TheoryData<string> Faults => ["ENOSPC", "EIO", "EROFS", "EACCES"];

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Store_WritesFail_ReadsGoOnAndItIsSaidOnce(string fault)
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(_film.Chunk(0));
        var used = State.UsedBytes;
        _files.Fail(fault, nameof(IDiskFiles.Write));

        await _directory.StoreAsync(_film.Chunk(1), _film.Chunk(2));

        Assert.NotNull(State.DegradedReason);
        Assert.Equal(_directory.Time.GetUtcNow(), State.DegradedSince);
        Assert.Equal(2, State.DroppedWrites);
        Assert.Equal(used, State.UsedBytes);
        Assert.Single(_directory.Log.Of(LogLevel.Error));
        await _directory.AssertHitAsync(_film.Chunk(0));
        await _directory.AssertMissAsync(_film.Chunk(1));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Store_WritesFailAndRecover_AreTriedAgainLaterAndLaterAndTheEndIsSaidOnce(string fault)
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(_film.Chunk(0));
        var tries = 0;
        _files.Fail(fault, nameof(IDiskFiles.Write), () => tries++);
        await _directory.StoreAsync(_film.Chunk(1));
        Assert.Equal(1, tries);

        // The pauses double: 1 s, 2 s, 4 s. A store in a pause touches nothing.
        foreach (var (seconds, expected) in new[] { (0.9, 1), (0.2, 2), (1.8, 2), (0.3, 3), (3.8, 3), (0.3, 4) })
        {
            _directory.Time.Advance(TimeSpan.FromSeconds(seconds));
            await _directory.StoreAsync(_film.Chunk(1));
            Assert.Equal(expected, tries);
        }

        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromMinutes(2));
        await _directory.StoreAsync(_film.Chunk(1));

        Assert.Null(State.DegradedReason);
        Assert.Null(State.DegradedSince);
        await _directory.AssertHitAsync(_film.Chunk(1));
        Assert.Single(_directory.Log.Of(LogLevel.Error));
        Assert.Single(_directory.Log.Of(LogLevel.Information), line => line.Contains("again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task StoreVersion_DiskHangs_QueuedRecordsAreChargedWithTheirSize()
    {
        _directory.WriteQueueLimit = 1024 * 1024;
        await _directory.StartAndScanAsync(_files);
        using var hangs = new ManualResetEventSlim();
        _files.Before = (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Write))
            {
                hangs.Wait(Patience.Limit);
            }
        };

        for (var i = 0; i < 1000; i++)
        {
            _directory.Tier.StoreVersion(TestChunks.Version($"/a?{i}{new string('q', 8000)}", 1000, 1_000_000));
        }

        Assert.InRange(_directory.Tier.State.DroppedWrites, 900, 1000); // each takes 16 KiB and more: 1 MiB has room for some sixty
        hangs.Set();
        await _directory.Tier.WhenIdleAsync();
        Assert.InRange(_directory.Tier.State.Writes, 1, 100);
    }

    [Fact]
    public async Task Store_SmallWriteFitsOnAFullDisk_DoesNotEndTheState()
    {
        await _directory.StartAndScanAsync(_files);
        _files.Before = (operation, path) => ScriptedFiles.ThrowIf(operation == nameof(IDiskFiles.Write), ScriptedFiles.NoSpace);
        await _directory.StoreAsync(_film.Chunk(0));
        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromSeconds(5));

        _directory.Tier.StoreVersion(_film);
        await _directory.Tier.WhenIdleAsync();
        Assert.Equal(1, State.Writes);
        Assert.NotNull(State.DegradedReason);

        await _directory.StoreAsync(_film.Chunk(0));
        Assert.Null(State.DegradedReason);
    }

    [Fact]
    public async Task Store_VictimsCannotBeDeleted_NothingMoreIsWritten()
    {
        _directory.Budget = 500_000;
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(Enumerable.Range(0, 4).Select(i => _film.Chunk(i)));
        _files.Fail("EIO", nameof(IDiskFiles.Delete));

        var shorter = TestChunks.Version("/shorter.mp4", 20L * (ChunkSize - 8192), ChunkSize - 8192); // files of another size are not reused
        for (var i = 10; i < 20; i++)
        {
            await _directory.StoreAsync(shorter.Chunk(i));
            _directory.Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(4, _directory.Files.Length);
        Assert.InRange(State.UsedBytes, 0, _directory.Budget);
        for (var i = 0; i < 4; i++)
        {
            await _directory.AssertHitAsync(_film.Chunk(i));
        }

        _files.Before = static (_, _) => { };
        await _directory.StoreAsync(_film.Chunk(30));
        await _directory.AssertHitAsync(_film.Chunk(30));
        Assert.Null(State.DegradedReason);
    }

    [Fact]
    public async Task Store_FailedWriteLeavesItsTemporaryFile_TheNextScanDeletesItAndTheBudgetHolds()
    {
        await _directory.StartAndScanAsync(_files);
        _files.Before = (operation, _) => ScriptedFiles.ThrowIf(operation is nameof(IDiskFiles.Rename) or nameof(IDiskFiles.Delete), ScriptedFiles.InputOutput);
        await _directory.StoreAsync(_film.Chunk(0));
        string[] Unfinished() => Directory.GetFiles(_directory.Path, "*.tmp", SearchOption.AllDirectories);
        Assert.Single(Unfinished());
        Assert.True(State.UsedBytes > ChunkSize);

        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        await _directory.StoreAsync(_film.Chunk(1));

        Assert.Empty(Unfinished());
        await _directory.AssertHitAsync(_film.Chunk(1));
        Assert.InRange(State.UsedBytes, ChunkSize, (2 * ChunkSize) - 1);
    }
}
