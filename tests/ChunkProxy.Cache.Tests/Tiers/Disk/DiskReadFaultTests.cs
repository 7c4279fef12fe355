using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Logging;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskReadFaultTests : IAsyncDisposable
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
    public async Task OpenAsync_OpeningFails_IsAMissUntilItIsTriedAgain(string fault)
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(_film.Chunk(0));
        var tries = 0;
        _files.Fail(fault, nameof(IDiskFiles.Open), () => tries++);

        await _directory.AssertMissAsync(_film.Chunk(0));
        await _directory.AssertMissAsync(_film.Chunk(0));
        Assert.Equal(1, tries);
        Assert.NotNull(State.DegradedReason);

        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        await _directory.AssertHitAsync(_film.Chunk(0));
        Assert.Null(State.DegradedReason);
        Assert.Single(_directory.Log.Of(LogLevel.Error));
    }

    [Fact]
    public async Task Contains_ReadsArePaused_IsFalseUntilTheyAreTriedAgain()
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(_film.Chunk(0));
        Assert.True(_directory.Tier.Contains(_film.Chunk(0).Key));
        _files.Fail("EIO", nameof(IDiskFiles.Open));

        await _directory.AssertMissAsync(_film.Chunk(0));
        Assert.False(_directory.Tier.Contains(_film.Chunk(0).Key)); // its fill takes the bytes from the origin

        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_directory.Tier.Contains(_film.Chunk(0).Key));
    }

    [Fact]
    public async Task ReadAsync_InputOutputError_IsFalseAndTheFileGoes()
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(_film.Chunk(0));
        using var opened = await _directory.Tier.OpenAsync(_film.Chunk(0), Cancel);
        _files.Fail("EIO", nameof(IDiskFiles.Read));

        Assert.False(await opened!.ReadAsync(0, new byte[ChunkSize], Cancel));

        Assert.Empty(_directory.Files);
        Assert.Equal(0, State.Files);
    }

    [Fact]
    public async Task OpenAsync_DamagedFileCannotBeDeleted_IsStillNeverServedAndStillCharged()
    {
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(_film.Chunk(0));
        var used = State.UsedBytes;
        await File.AppendAllTextAsync(_directory.Files.Single(), "x", Cancel);
        _files.Fail("EROFS", nameof(IDiskFiles.Delete));

        await _directory.AssertMissAsync(_film.Chunk(0));
        await _directory.AssertMissAsync(_film.Chunk(0));

        Assert.Equal(1, State.Damaged);
        Assert.Equal(used, State.UsedBytes);
        Assert.NotNull(State.DegradedReason);
        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        await _directory.StoreAsync(_film.Chunk(0)); // a good file replaces it
        await _directory.AssertHitAsync(_film.Chunk(0));
    }

    [Fact]
    public async Task Scan_Fails_ChunksAreServedAndWritesGoOnWhenItSucceeds()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0));
        _files.Fail("EIO", nameof(IDiskFiles.Walk));
        await _directory.RestartAsync(_files);

        Assert.False(State.IsScanFinished);
        Assert.Equal("input/output error", State.DegradedReason);
        await _directory.AssertHitAsync(_film.Chunk(0));
        await _directory.StoreAsync(_film.Chunk(1));
        await _directory.AssertMissAsync(_film.Chunk(1));

        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        await _directory.StoreAsync(_film.Chunk(1));
        await _directory.AssertHitAsync(_film.Chunk(1));
        Assert.True(State.IsScanFinished);
        Assert.Equal(2, State.Files);
    }

    [Fact]
    public async Task Start_ReadOnlyDiskWithChunks_TheyAreServed()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0));
        var leftover = new DiskTree(_directory.Path).TemporaryPath(_film.Chunk(0).Key, 7);
        await File.WriteAllTextAsync(leftover, "leftover", Cancel);
        _files.Before = (operation, _) => ScriptedFiles.ThrowIf(
            operation is nameof(IDiskFiles.Write) or nameof(IDiskFiles.Delete) or nameof(IDiskFiles.Rename), ScriptedFiles.ReadOnly);

        await _directory.RestartAsync(_files);
        await _directory.StoreAsync(_film.Chunk(1));

        await _directory.AssertHitAsync(_film.Chunk(0));
        Assert.Equal("the file system is read-only", State.DegradedReason);
    }

    [Fact]
    public async Task Everything_DirectoryDeletedUnderIt_IsMissesAndThenBuiltAnew()
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(_film.Chunk(0), _film.Chunk(1));
        Directory.Delete(_directory.Path, recursive: true);

        await _directory.AssertMissAsync(_film.Chunk(0));
        await _directory.StoreAsync(_film.Chunk(2));
        Assert.Equal("the directory is gone", State.DegradedReason);

        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        await _directory.StoreAsync(_film.Chunk(1), _film.Chunk(3));
        await _directory.AssertHitAsync(_film.Chunk(1));
        await _directory.AssertHitAsync(_film.Chunk(3));
        Assert.Null(State.DegradedReason);
        Assert.Equal(2, State.Files);
        Assert.Throws<DirectoryInUseException>(() => new DiskTier(
            new DiskTierOptions { Directory = _directory.Path, Budget = 1 }, _directory.Time, _directory.Log.LoggerFor<DiskTier>()));
    }

    [Fact]
    public async Task OpenAsync_DiskHangs_OtherReadersAreMissesAndACancelledOneLeaves()
    {
        using var goOn = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        await _directory.StartAndScanAsync(_files);
        await _directory.StoreAsync(_film.Chunk(0));
        var hanging = 0;
        _files.Before = (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Open))
            {
                Interlocked.Increment(ref hanging);
                goOn.Wait(Cancel);
            }
        };
        try
        {
            var held = Enumerable.Range(0, 8).Select(_ => _directory.ReadAsync(_film.Chunk(0))).ToArray();
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref hanging) == 8, TimeSpan.FromSeconds(60)));
            var waiting = _directory.Tier.OpenAsync(_film.Chunk(0), cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

            var queued = Enumerable.Range(0, 2000).Select(_ => _directory.ReadAsync(_film.Chunk(0))).ToArray();
            Assert.InRange(queued.Count(task => task.IsCompletedSuccessfully), 1000, 1999);
            goOn.Set();
            Assert.All(await Task.WhenAll(held), Assert.NotNull);
            Assert.Contains(await Task.WhenAll(queued), bytes => bytes is not null);
        }
        finally
        {
            goOn.Set();
        }
    }
}
