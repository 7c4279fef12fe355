using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Purges.Exchange;

/// <summary>An object is purged while the disk of a process does not delete files: it is being scanned, deletes many others, or hangs.</summary>
public sealed class SlowDiskPurgeTests : IAsyncLifetime
{
    private const long Size = (12 * MiB) + 12_345;

    private static readonly OriginAnswer Old = new OriginAnswer { Size = Size, Seed = 1 }.WithHeader("Cache-Control", "max-age=3600");
    private static readonly OriginAnswer New = Old with { Seed = 2 };

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly ManualResetEventSlim _mayDelete = new();
    private readonly ScriptedObject _film;

    public SlowDiskPurgeTests()
    {
        _film = _origin.Add("/film", Old);
        _origin.Add("/other", Old);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private (string, string)[] WithDisk => [("DiskSize", "64MiB"), ("Dir", _folder.Path)];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _mayDelete.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Purge_WhileAProcessWithADiskWasAway_ServesBeforeTheDiskHasDeletedTheFiles()
    {
        var old = await FillDiskAsync();
        _film.Answer = New;
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop);
        await cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);
        var back = cluster.AddFrontEnd(WithDisk);
        await using var held = await HoldAsync(back.Disk);

        await back.Pool.StartAsync(Stop); // no request is answered before it has the purges of the others

        await back.ReadAsync("/other", ByteRange.Whole(Size), Stop);
        await back.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        Assert.NotEmpty(back.Disk.NumbersOf(old));
    }

    [Fact]
    public async Task Purge_DiskOfAMemberDoesNotDelete_ServesNothingOldAndConfirmsAfterTheDeletion()
    {
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop);
        var member = await cluster.AddAsync(Stop, WithDisk);
        cluster.AllKnowAll();
        await member.ReadAsync("/other", ByteRange.Whole(Size), Stop);
        await member.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await member.WhenFilledAsync(Stop);
        await member.Disk.WhenIdleAsync();
        var old = await member.FindAsync("/film", 0, Stop);
        var onDisk = member.Disk.NumbersOf(old);
        Assert.NotEmpty(onDisk);
        await using var held = await HoldAsync(member.Disk);
        _film.Answer = New;

        var purge = cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);
        await member.Purges.WhenAfter(0).WaitAsync(Patience.Limit, Stop);
        await member.PurgeApplier.WhenSafeAsync(member.Purges.Sequence, Stop).WaitAsync(Patience.Limit, Stop);

        await member.ReadAsync("/other", ByteRange.Whole(Size), Stop);
        await member.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        foreach (var index in onDisk)
        {
            // as a peer asks that does not know of the purge, or a response in progress
            var refusal = await Assert.ThrowsAsync<ChunkReadException>(async () => await member.OpenAsync(old, new Slice(index, 0, 1), Stop));
            Assert.Equal(ProxyError.VersionChanged, refusal.Error);
        }

        Assert.NotEmpty(member.Disk.NumbersOf(old));
        Assert.False(purge.IsCompleted);
        _mayDelete.Set();
        var report = await purge.WaitAsync(Patience.Limit, Stop);
        Assert.True(report.Complete);
        Assert.True(report.Processes.Single(process => process.Process == cluster.IdOf(1)).Result!.Value.Chunks >= onDisk.Count);
        Assert.Empty(member.Disk.NumbersOf(old));
    }

    [Fact]
    public async Task Purge_DiskOfAFrontEndDoesNotDelete_ConfirmsAfterTheDeletion()
    {
        var old = await FillDiskAsync();
        await using var cluster = await TestCluster.StartAsync(_origin, 1, Stop);
        var front = cluster.AddFrontEnd(WithDisk);
        await front.Pool.StartAsync(Stop);
        await front.ReadAsync("/other", ByteRange.Whole(Size), Stop); // so it listens to the member now
        await using var held = await HoldAsync(front.Disk);
        _film.Answer = New;

        var purge = cluster[0].PurgeCoordinator.PurgeAsync(cluster[0].At("/film"), Stop);
        await front.Purges.WhenAfter(0).WaitAsync(Patience.Limit, Stop);
        await front.PurgeApplier.WhenSafeAsync(front.Purges.Sequence, Stop).WaitAsync(Patience.Limit, Stop);

        Assert.NotEmpty(front.Disk.NumbersOf(old));
        Assert.False(purge.IsCompleted);
        _mayDelete.Set();
        Assert.True((await purge.WaitAsync(Patience.Limit, Stop)).Complete);
        Assert.Empty(front.Disk.NumbersOf(old));
    }

    [Fact]
    public async Task Purge_MoreThanMayWaitForTheDisk_IsSafeWhenSomeAreDeleted()
    {
        await FillDiskAsync();
        await using var engine = new Engine(_origin, settings: [.. WithDisk, ("Purges:Remembered", "64")]); // half of them may wait
        await using var held = await HoldAsync(engine.Disk);
        var purges = new List<Task<PurgeReport>>();
        for (var i = 1; i <= 33; i++)
        {
            purges.Add(engine.PurgeCoordinator.PurgeAsync(engine.At($"/film{i}"), Stop));
            await engine.Purges.WhenAfter(i - 1).WaitAsync(Patience.Limit, Stop);
            await engine.PurgeApplier.WhenSafeAsync(i, Stop).WaitAsync(Patience.Limit, Stop);
        }

        purges.Add(engine.PurgeCoordinator.PurgeAsync(engine.At("/film34"), Stop));
        await engine.Purges.WhenAfter(33).WaitAsync(Patience.Limit, Stop);
        var safe = engine.PurgeApplier.WhenSafeAsync(34, Stop);

        Assert.False(safe.IsCompleted);
        Assert.DoesNotContain(purges, purge => purge.IsCompleted);
        _mayDelete.Set();
        await safe.WaitAsync(Patience.Limit, Stop);
        Assert.All(await Task.WhenAll(purges).WaitAsync(Patience.Limit, Stop), report => Assert.True(report.Complete));
    }

    [Fact]
    public async Task Purge_FileOfPurgesHangs_IsSafeWithoutItAndDeletesAndConfirmsAfterIt()
    {
        var old = await FillDiskAsync();
        var hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hangs = false;
        await using var engine = WithFile(
            _origin,
            services => new PurgeFile(services.GetRequiredService<IOptions<CacheOptions>>(), NullLogger<PurgeFile>.Instance, _ =>
            {
                if (Volatile.Read(ref hangs))
                {
                    hanging.TrySetResult();
                    _mayDelete.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
                }

                return 1;
            }),
            [.. WithDisk, ("Purges:Lapse", "00:00:00.1")]); // of which it waits a tenth for the file
        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await engine.Disk.WhenIdleAsync();
        Volatile.Write(ref hangs, true);
        _film.Answer = New;

        var purge = engine.PurgeCoordinator.PurgeAsync(engine.At("/film"), Stop);
        await hanging.Task.WaitAsync(Patience.Limit, Stop);
        await engine.PurgeApplier.WhenSafeAsync(engine.Purges.Sequence, Stop).WaitAsync(Patience.Limit, Stop);

        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop, seed: 2);
        Assert.Equal(13, engine.Disk.NumbersOf(old).Count);
        Assert.False(purge.IsCompleted);
        _mayDelete.Set();
        Assert.True((await purge.WaitAsync(Patience.Limit, Stop)).Complete);
        Assert.Empty(engine.Disk.NumbersOf(old));
    }

    // Puts both objects on the disk, and returns the version of the film.
    private async Task<ObjectVersion> FillDiskAsync()
    {
        await using var engine = new Engine(_origin, settings: WithDisk);
        await engine.Disk.WhenIdleAsync(); // nothing is written before the scan has ended
        await engine.ReadAsync("/other", ByteRange.Whole(Size), Stop);
        await engine.ReadAsync("/film", ByteRange.Whole(Size), Stop);
        await engine.WhenFilledAsync(Stop);
        await engine.Disk.WhenIdleAsync();
        return await engine.FindAsync("/film", 0, Stop);
    }

    // Occupies the thread that writes and deletes. The disk must have a file.
    private async Task<IAsyncDisposable> HoldAsync(DiskTier disk)
    {
        var isHeld = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = disk.RemoveObjectsAsync(_ =>
        {
            isHeld.TrySetResult();
            _mayDelete.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
            return false;
        });
        await isHeld.Task.WaitAsync(Patience.Limit, Stop);
        return new Held(holding, _mayDelete);
    }

    // Also releases the disk when a test fails, so that its engine can stop.
    private sealed class Held(Task holding, ManualResetEventSlim mayDelete) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            mayDelete.Set();
            await holding;
        }
    }
}
