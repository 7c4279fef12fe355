using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class OpenFilesTests : IAsyncDisposable
{
    private const int Limit = 8;
    private const int ChunkSize = 100_000;

    private readonly TierDirectory _directory = new() { OpenFiles = Limit, KeptFiles = 2 };
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 100L * ChunkSize, ChunkSize);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _directory.DisposeAsync();

    [Fact]
    public async Task OpenAsync_AsManyFilesAsMayBeOpen_WaitsUntilOneIsClosed()
    {
        await FillAsync(Limit + 1);
        var opened = new List<DiskChunk>();
        for (var i = 0; i < Limit; i++)
        {
            opened.Add((await _directory.Tier.OpenAsync(_film.Chunk(i), Cancel))!);
        }

        var waiting = _directory.Tier.OpenAsync(_film.Chunk(Limit), Cancel).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.False(opened[^1].MayStay);

        opened[^1].Dispose(); // it is not kept open
        using var last = await waiting.WaitAsync(Patience.Limit, Cancel);
        Assert.NotNull(last);
        opened.ForEach(chunk => chunk.Dispose());
    }

    [Fact]
    public async Task OpenAsync_FilesThatAreMissingOrDamaged_KeepNoPlace()
    {
        await FillAsync(4 * Limit);
        var files = _directory.Files.Where(file => file.EndsWith(".chunk", StringComparison.Ordinal)).ToList();
        for (var i = 0; i < 3 * Limit; i++)
        {
            if (i % 2 == 0)
            {
                File.Delete(files[i]);
            }
            else
            {
                await File.WriteAllBytesAsync(files[i], [1, 2, 3], Cancel);
            }
        }

        var hits = 0;
        for (var i = 0; i < 4 * Limit; i++)
        {
            hits += await _directory.ReadAsync(_film.Chunk(i)).WaitAsync(Patience.Limit, Cancel) is null ? 0 : 1;
        }

        Assert.Equal(Limit, hits);
    }

    private async Task FillAsync(int chunks)
    {
        await _directory.StartAndScanAsync();
        await _directory.StoreAsync(Enumerable.Range(0, chunks).Select(i => _film.Chunk(i)));
    }
}
