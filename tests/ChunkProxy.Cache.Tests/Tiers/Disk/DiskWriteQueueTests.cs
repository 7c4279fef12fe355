using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskWriteQueueTests : IAsyncDisposable
{
    private const int ChunkSize = 100_000;

    private readonly TierDirectory _directory = new() { WriteQueueLimit = 3 * ChunkSize };
    private readonly MemoryTier _memory = new(8 * ChunkSlab.RegionSizeFor(ChunkSize), ChunkSize);
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 100L * ChunkSize, ChunkSize);
    private readonly ScriptedFiles _files = new();
    private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _mayWrite = new(initialState: true);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DiskTier Tier => _directory.Tier;

    public async ValueTask DisposeAsync()
    {
        _mayWrite.Set();
        await _directory.DisposeAsync();
        _memory.Dispose();
        _mayWrite.Dispose();
    }

    [Fact]
    public async Task Store_QueueIsFull_ChunksInMemoryAreWrittenWhenThereIsRoom()
    {
        await StartAsync();
        HoldWrites();

        foreach (var chunk in Chunks(0, 8))
        {
            Keep(chunk);
        }

        Assert.Equal(8 * ChunkSize, Tier.State.WaitingBytes);
        _mayWrite.Set();
        await WhenWrittenAsync();

        Assert.Equal(0, Tier.State.DroppedWrites);
        foreach (var chunk in Chunks(0, 8))
        {
            await _directory.AssertHitAsync(chunk);
        }
    }

    [Fact]
    public async Task Store_QueueIsFull_QueuedChunksAreNotEvictedAndTheOthersAreCountedWhenTheyAre()
    {
        await StartAsync();
        HoldWrites();
        foreach (var chunk in Chunks(0, 5))
        {
            Keep(chunk);
        }

        Displace(8);
        Assert.Equal([true, true, true, false, false], Chunks(0, 5).Select(chunk => _memory.Contains(chunk.Key)));

        _mayWrite.Set();
        await WhenWrittenAsync();
        Assert.Equal(2, Tier.State.DroppedWrites);
        await _directory.AssertHitAsync(_film.Chunk(2));
        await _directory.AssertMissAsync(_film.Chunk(3));
    }

    [Fact]
    public async Task Store_DiskFailsAndRecovers_ChunksStillInMemoryAreWritten()
    {
        await StartAsync();
        _files.Before = static (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Write))
            {
                throw ScriptedFiles.InputOutput();
            }
        };
        Keep(_film.Chunk(0));
        await Tier.WhenIdleAsync();
        Keep(_film.Chunk(1)); // while the disk is paused
        Assert.NotNull(Tier.State.DegradedReason);
        Assert.Equal(0, Tier.State.DroppedWrites);

        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromSeconds(2));
        Keep(_film.Chunk(2));
        await WhenWrittenAsync();

        Assert.Equal(0, Tier.State.DroppedWrites);
        foreach (var chunk in Chunks(0, 3))
        {
            await _directory.AssertHitAsync(chunk);
        }
    }

    [Fact]
    public async Task Store_DiskFails_MemoryIsFreeForOtherChunks()
    {
        await StartAsync();
        _files.Before = static (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Write))
            {
                throw ScriptedFiles.NoSpace();
            }
        };
        foreach (var chunk in Chunks(0, 3))
        {
            Keep(chunk);
        }

        await Tier.WhenIdleAsync();
        Displace(8);

        Assert.All(Chunks(0, 3), chunk => Assert.False(_memory.Contains(chunk.Key)));
    }

    [Fact]
    public async Task Store_PurgedWhileItWaits_IsNotWritten()
    {
        await StartAsync();
        HoldWrites();
        foreach (var chunk in Chunks(0, 5))
        {
            Keep(chunk);
        }

        _memory.Remove(_film.Chunk(4).Key);
        var purging = Tier.RemoveObjectsAsync(_ => true);
        _mayWrite.Set();
        await purging;
        await WhenWrittenAsync();

        await _directory.AssertMissAsync(_film.Chunk(0));
        await _directory.AssertMissAsync(_film.Chunk(4));
    }

    [Fact]
    public async Task TryGiveBack_MemoryIsFullOfQueuedChunks_OldestCanBeEvicted()
    {
        _directory.WriteQueueLimit = 8 * ChunkSize;
        await StartAsync();
        HoldWrites();
        Keep(_film.Chunk(0));
        await WhenWritingAsync();
        foreach (var chunk in Chunks(1, 7))
        {
            Keep(chunk);
        }

        Assert.Null(_memory.TryRent(ChunkSize));
        Assert.True(Tier.TryGiveBack(ChunkSize));
        var rented = _memory.TryRent(ChunkSize);
        Assert.NotNull(rented);
        rented.Release();
        Assert.True(_memory.Contains(_film.Chunk(0).Key)); // being written
        Assert.False(_memory.Contains(_film.Chunk(1).Key));

        _mayWrite.Set();
        await WhenWrittenAsync();
        Assert.Equal(1, Tier.State.DroppedWrites);
    }

    [Fact]
    public async Task WhenRoomAsync_QueueIsFull_EndsWithTheNextWrite()
    {
        await StartAsync();
        HoldWrites();
        foreach (var chunk in Chunks(0, 2)) // two thirds of the limit
        {
            Assert.True(Tier.WhenRoomAsync(Cancel).AsTask().IsCompleted);
            Keep(chunk);
        }

        var waiting = Tier.WhenRoomAsync(Cancel).AsTask();
        Assert.False(waiting.IsCompleted);

        _mayWrite.Set();
        await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    [Fact]
    public async Task WhenRoomAsync_DiskIsSlow_WaitsNoLongerThanTheLimit()
    {
        await StartAsync();
        HoldWrites();
        foreach (var chunk in Chunks(0, 3))
        {
            Keep(chunk);
        }

        var waiting = Tier.WhenRoomAsync(Cancel).AsTask();
        _directory.Time.Advance(DiskWriteQueue.LongestWait - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _directory.Time.Advance(TimeSpan.FromMilliseconds(2));

        await waiting.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
    }

    [Fact]
    public async Task DisposeAsync_MoreChunksInMemoryThanQueued_AreWritten()
    {
        await StartAsync();
        HoldWrites();
        foreach (var chunk in Chunks(0, 6))
        {
            Keep(chunk);
        }

        var ending = Tier.DisposeAsync();
        _mayWrite.Set();
        await ending;
        await _directory.StartAndScanAsync();

        foreach (var chunk in Chunks(0, 6))
        {
            await _directory.AssertHitAsync(chunk);
        }
    }

    [Fact]
    public async Task DisposeAsync_DiskIsSlow_WritesOnForALimitedTimeOnly()
    {
        await StartAsync();
        HoldWrites();
        Keep(_film.Chunk(0));
        await WhenWritingAsync();
        foreach (var chunk in Chunks(1, 4))
        {
            Keep(chunk);
        }

        var ending = Tier.DisposeAsync();
        _directory.Time.Advance(DiskWriteQueue.LongestEnd);
        _mayWrite.Set();
        await ending;

        Assert.Equal(4, Tier.State.DroppedWrites);
        Assert.Equal(1, Tier.State.Writes);
    }

    private async Task StartAsync() => await _directory.StartAndScanAsync(_files);

    private IEnumerable<Chunk> Chunks(int first, int count) => Enumerable.Range(first, count).Select(index => _film.Chunk(index));

    private void HoldWrites()
    {
        _mayWrite.Reset();
        _files.Before = (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Write))
            {
                _writing.TrySetResult();
                _mayWrite.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
            }
        };
    }

    private Task WhenWritingAsync() => _writing.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);

    // As a fill does.
    private void Keep(Chunk chunk)
    {
        var buffer = _memory.TryRent(chunk.Length)!;
        TestChunks.BytesOf(chunk).CopyTo(buffer.Memory.Span);
        _memory.Add(chunk.Key, buffer);
        Tier.Store(chunk, buffer);
        buffer.Release();
    }

    // Rents so much memory that everything that can be evicted is.
    private void Displace(int count)
    {
        var rented = Enumerable.Range(0, count).Select(_ => _memory.TryRent(ChunkSize)).ToList();
        rented.ForEach(buffer => buffer?.Release());
    }

    private async Task WhenWrittenAsync()
    {
        while (Tier.State.WaitingBytes > 0)
        {
            await Tier.WhenIdleAsync().WaitAsync(TimeSpan.FromSeconds(60), Cancel);
        }
    }
}
