using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Chunks that wait for a disk, without a further fill that would write.</summary>
public sealed class DiskWriteRetryTests : IAsyncDisposable
{
    private const int ChunkSize = 100_000;

    private readonly CountedTime _time = new();
    private readonly TierDirectory _directory;
    private readonly MemoryTier _memory = new(8 * ChunkSlab.RegionSizeFor(ChunkSize), ChunkSize);
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 100L * ChunkSize, ChunkSize);
    private readonly ScriptedFiles _files = new();

    public DiskWriteRetryTests() => _directory = new TierDirectory { Time = _time, WriteQueueLimit = 3 * ChunkSize };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DiskTier Tier => _directory.Tier;

    public async ValueTask DisposeAsync()
    {
        await _directory.DisposeAsync();
        _memory.Dispose();
    }

    [Fact]
    public async Task Store_DiskIsBack_ChunksAreWrittenWithoutAFurtherFill()
    {
        await FailAsync();
        Keep(_film.Chunk(1)); // during the pause

        _files.Before = static (_, _) => { };
        _time.Advance(TimeSpan.FromSeconds(1.1));
        await WhenWrittenAsync();

        Assert.Null(Tier.State.DegradedReason);
        Assert.Equal(0, Tier.State.DroppedWrites);
        await _directory.AssertHitAsync(_film.Chunk(0));
        await _directory.AssertHitAsync(_film.Chunk(1));
        Assert.Equal(0, _time.Timers);
    }

    [Fact]
    public async Task Store_DiskGoesOnFailing_IsTriedOnceAfterEachPause()
    {
        var tries = await FailAsync();
        Keep(_film.Chunk(1));

        // The pauses double: 1 s, 2 s, 4 s.
        foreach (var (seconds, expected) in new[] { (0.9, 1), (0.2, 2), (1.8, 2), (0.3, 3), (3.8, 3), (0.3, 4) })
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            await Tier.WhenIdleAsync();
            Assert.Equal(expected, tries.Value);
            Assert.Equal(1, _time.Timers);
        }
    }

    [Fact]
    public async Task Store_ChunksLeaveMemoryWhileTheDiskFails_TheRetriesEnd()
    {
        var tries = await FailAsync();
        _memory.Remove(_film.Chunk(0).Key);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        await Tier.WhenIdleAsync();

        Assert.Equal(0, _time.Timers);
        Assert.Equal(1, tries.Value);
        Assert.Equal((0, 1), (Tier.State.WaitingBytes, Tier.State.DroppedWrites));
    }

    [Fact]
    public async Task Store_DiskWorks_NoTimer()
    {
        await _directory.StartAndScanAsync(_files);
        var timersInAWrite = 0;
        _files.AfterChange = () => timersInAWrite = Math.Max(timersInAWrite, _time.Timers);

        for (var i = 0; i < 6; i++)
        {
            Keep(_film.Chunk(i));
        }

        await WhenWrittenAsync();
        Assert.Equal((0, 0), (timersInAWrite, _time.Timers));
    }

    [Fact]
    public async Task TryGiveBack_WritingThreadHasOtherWork_TheChunkIsWrittenLaterWithoutAFurtherFill()
    {
        using var mayScan = new ManualResetEventSlim();
        _files.Before = (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Walk))
            {
                mayScan.Wait(Patience.Limit, CancellationToken.None);
            }
        };
        _directory.Start(_files);
        Keep(_film.Chunk(0));
        Assert.True(Tier.TryGiveBack(ChunkSize));
        mayScan.Set();
        await Tier.WhenIdleAsync();
        await _directory.AssertMissAsync(_film.Chunk(0));

        _time.Advance(WriteRetry.LongestPause);
        await WhenWrittenAsync();

        await _directory.AssertHitAsync(_film.Chunk(0));
    }

    [Fact]
    public async Task DisposeAsync_DiskFails_NoTimerIsLeft()
    {
        await FailAsync();
        Assert.Equal(1, _time.Timers);

        await Tier.DisposeAsync();

        Assert.Equal(0, _time.Timers);
    }

    // One chunk waits afterwards. Returns the number of writes that were tried.
    private async Task<Tries> FailAsync()
    {
        var tries = new Tries();
        await _directory.StartAndScanAsync(_files);
        _files.Fail("EIO", nameof(IDiskFiles.Write), () => tries.Value++);
        Keep(_film.Chunk(0));
        await Tier.WhenIdleAsync();
        Assert.NotNull(Tier.State.DegradedReason);
        return tries;
    }

    // As a fill does.
    private void Keep(Chunk chunk)
    {
        var buffer = _memory.TryRent(chunk.Length)!;
        TestChunks.BytesOf(chunk).CopyTo(buffer.Memory.Span);
        _memory.Add(chunk.Key, buffer);
        Tier.Store(chunk, buffer);
        buffer.Release();
    }

    private async Task WhenWrittenAsync()
    {
        for (var writes = 0; Tier.State.WaitingBytes > 0; writes++)
        {
            Assert.True(writes < 100, "Chunks wait, and none is being written.");
            await Tier.WhenIdleAsync().WaitAsync(Patience.Limit, Cancel);
        }
    }

    private sealed class Tries
    {
        public int Value { get; set; }
    }

    /// <summary>Counts the timers that exist.</summary>
    private sealed class CountedTime() : FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56))
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _timers);
            return new CountedTimer(base.CreateTimer(callback, state, dueTime, period), () => Interlocked.Decrement(ref _timers));
        }
    }

    private sealed class CountedTimer(ITimer timer, Action disposed) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            disposed();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
