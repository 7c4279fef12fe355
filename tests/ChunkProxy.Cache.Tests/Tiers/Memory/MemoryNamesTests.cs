using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

/// <summary>The names of cached chunks, which clients choose, count as memory.</summary>
public sealed class MemoryNamesTests
{
    private const int ChunkSize = 1024 * 1024;
    private const long Budget = 16L * ChunkSize;
    private const long Free = Budget / MemoryTier.NamesPart;

    [Fact]
    public void Add_SmallObjectsWithLongQueries_BlocksAndNamesStayWithinTheBudget()
    {
        using var tier = new MemoryTier(Budget, ChunkSize);
        for (var i = 0; i < 5000; i++)
        {
            Put(tier, Version($"/a?{i}{new string('q', 8000)}", size: 1000));
            var now = tier.Statistics;
            Assert.InRange(now.NameBytes + now.UsedBytes, 0, Budget + Free);
        }

        // Without the charge all would fit: 5,000 blocks of 4 KiB are 20 MiB, their names 80 MiB.
        Assert.InRange(tier.Statistics.Chunks, 100, Budget / 20_000);
        Assert.Equal(tier.Entries.Sum(entry => entry.NameBytes), tier.Statistics.NameBytes);
    }

    [Fact]
    public void Add_ChunksOfUsualSize_FillTheWholeBudget()
    {
        using var tier = new MemoryTier(Budget, ChunkSize);
        for (var i = 0; i < 32; i++)
        {
            Put(tier, Version($"/films/{i}.mp4?signature={new string('s', 200)}", ChunkSize));
        }

        Assert.Equal(16, tier.Statistics.Chunks);
    }

    [Fact]
    public void NameBytes_ChunksAreReplacedAndRemoved_AreThoseOfTheChunksThatAreThere()
    {
        using var tier = new MemoryTier(Budget, ChunkSize);
        Put(tier, Version("/a", 1000));
        var one = tier.Statistics.NameBytes;
        Put(tier, Version("/b", 1000));
        Put(tier, Version("/b", 1000)); // again, as another buffer
        Assert.Equal(2 * one, tier.Statistics.NameBytes);

        tier.Remove(Version("/a", 1000).Chunk(0).Key);
        Assert.Equal(one, tier.Statistics.NameBytes);

        tier.RemoveVersions(_ => true);
        Assert.Equal(0, tier.Statistics.NameBytes);
    }

    private static ObjectVersion Version(string path, int size) => TestChunks.Version(path, size, ChunkSize);

    private static void Put(MemoryTier tier, ObjectVersion version)
    {
        var chunk = version.Chunk(0);
        var buffer = tier.TryRent(chunk.Length)!;
        buffer.Version = version;
        tier.Add(chunk.Key, buffer);
        buffer.Release();
    }
}
