using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

/// <summary>Directories that fail and recover at random.</summary>
public sealed class LostDiskFuzzTests : IAsyncDisposable
{
    private const int ChunkSize = 20_000;

    private readonly SeveralDirectories _disks = new(16, 16, 16);
    private readonly ObjectVersion _film = TestChunks.Version("/film.mp4", 1000L * ChunkSize, ChunkSize);

    public ValueTask DisposeAsync() => _disks.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Everything_DirectoriesFailAndRecoverAtRandom_NoWrongByteAndTheBudgetsHold(int seed)
    {
        var random = new Random(seed);
        await _disks.StartAsync();
        ObjectVersion[] versions = [_film, TestChunks.Version("/film.mp4", 1000L * ChunkSize, ChunkSize, "\"v2\""), TestChunks.Version("/other", 50L * ChunkSize, ChunkSize)];
        for (var round = 0; round < 40; round++)
        {
            var failing = Enumerable.Range(0, 3).Where(_ => random.Next(3) == 0).Select(i => _disks.Paths[i]).ToList();
            var share = random.Next(1, 4);
            var at = 0;
            _disks.Files.Before = (_, path) => ScriptedFiles.ThrowIf(
                path is not null && failing.Exists(it => path.StartsWith(it, StringComparison.Ordinal)) && Interlocked.Increment(ref at) % share == 0, ScriptedFiles.InputOutput);
            for (var i = 0; i < 30; i++)
            {
                var chunk = versions[random.Next(3)].Chunk(random.Next(50));
                if (random.Next(10) == 0)
                {
                    _disks.Forget(chunk);
                    _disks.Tier.Remove(chunk);
                }
                else if (!await _disks.HasAsync(chunk))
                {
                    _disks.Store(chunk);
                }
            }

            _disks.Time.Advance(TimeSpan.FromSeconds(random.Next(3)));
            Assert.All(_disks.States, state => Assert.InRange(state.UsedBytes, 0, state.BudgetBytes));
        }

        _disks.Heal();
        await _disks.StoreAsync(Chunks(100, 60));
        await _disks.AssertHitsAsync(Chunks(100, 60));
    }

    private IEnumerable<Chunk> Chunks(int first, int count) => Enumerable.Range(first, count).Select(index => _film.Chunk(index));
}
