using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Chunks that wait for the disk without a reference, while memory moves them.</summary>
public sealed class DiskWriteCandidateTests : IAsyncDisposable
{
    private const int ChunkSize = 100_000;
    private const int Regions = 8;

    private readonly TierDirectory _directory = new() { WriteQueueLimit = 3 * ChunkSize };
    private readonly MemoryTier _memory = new(Regions * ChunkSlab.RegionSizeFor(ChunkSize), ChunkSize);
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 100L * ChunkSize, ChunkSize);
    private readonly ScriptedFiles _files = new();
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
    public async Task Store_QueueIsFullAndMemoryMovesAChunk_ItAndThoseBehindItAreWritten()
    {
        var waiting = await WaitBehindAFullQueueAsync();

        _mayWrite.Set();
        await WhenWrittenAsync();

        await AssertWrittenAsync(waiting);
    }

    [Fact]
    public async Task DisposeAsync_QueueIsFullAndMemoryMovedAChunk_ItAndThoseBehindItAreWritten()
    {
        var waiting = await WaitBehindAFullQueueAsync();

        var ending = Tier.DisposeAsync();
        _mayWrite.Set();
        await ending;
        Assert.Equal(0, Tier.State.DroppedWrites);
        await _directory.StartAndScanAsync();

        await AssertWrittenAsync(waiting);
    }

    [Fact]
    public async Task Store_DiskFailsAndMemoryMovesAChunk_ItAndThoseBehindItAreWrittenWhenTheDiskIsBack()
    {
        await _directory.StartAndScanAsync(_files);
        _files.Fail("EIO", nameof(IDiskFiles.Write));
        Keep(_film.Chunk(0));
        await Tier.WhenIdleAsync();
        var moved = KeepTwoAndMoveOne();
        Keep(_film.Chunk(1));

        _files.Before = static (_, _) => { };
        _directory.Time.Advance(TimeSpan.FromMinutes(2));
        Keep(_film.Chunk(2));
        await WhenWrittenAsync();

        await AssertWrittenAsync([_film.Chunk(0), .. moved, _film.Chunk(1), _film.Chunk(2)]);
    }

    private async Task<Chunk[]> WaitBehindAFullQueueAsync()
    {
        await _directory.StartAndScanAsync(_files);
        _mayWrite.Reset();
        _files.Before = (operation, _) =>
        {
            if (operation == nameof(IDiskFiles.Write))
            {
                _mayWrite.Wait(Patience.Limit, CancellationToken.None);
            }
        };
        Chunk[] held = [_film.Chunk(0), _film.Chunk(1), _film.Chunk(2)];
        Array.ForEach(held, Keep);
        var moved = KeepTwoAndMoveOne();
        Keep(_film.Chunk(3));
        return [.. held, .. moved, _film.Chunk(3)];
    }

    // Short chunks in two regions, which lose their neighbours: the free memory is enough for a full chunk, and one of the two is in its way.
    private Chunk[] KeepTwoAndMoveOne()
    {
        const int Short = ChunkSize * 3 / 10;
        var others = Regions - 2 - (int)_memory.Statistics.Chunks;
        var neighbours = Rent(2, ChunkSize * 6 / 10);
        Chunk[] two = [.. new[] { "/1.m4s", "/2.m4s" }.Select(path => TestChunks.Version(path, Short, ChunkSize).Chunk(0))];
        Array.ForEach(two, Keep);
        var rest = Rent(others, ChunkSize);
        neighbours.ForEach(buffer => buffer.Release());

        rest.AddRange(Rent(1, ChunkSize));

        Assert.Equal((Short, 0L), (_memory.Statistics.MovedBytes, _memory.Statistics.Evictions));
        rest.ForEach(buffer => buffer.Release());
        return two;
    }

    private List<ChunkBuffer> Rent(int count, int length) => [.. Enumerable.Range(0, count).Select(_ => _memory.TryRent(length)!)];

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

    private async Task AssertWrittenAsync(IEnumerable<Chunk> chunks)
    {
        Assert.Equal(0, Tier.State.DroppedWrites);
        foreach (var chunk in chunks)
        {
            await _directory.AssertHitAsync(chunk);
        }
    }
}
