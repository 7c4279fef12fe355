using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;
using static ChunkProxy.Cache.Tests.Tiers.Memory.TierUse;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

public sealed class MemoryEvictionTests
{
    private const int KiB = 1024;
    private const int ChunkSize = 64 * KiB;
    private const int Chunks = 8;

    [Fact]
    public void TryRent_EverythingInUse_NullAndNothingLost()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        for (var i = 0; i < Chunks; i++)
        {
            Put(tier, Key(i), ChunkSize);
        }

        var readers = Enumerable.Range(0, Chunks).Select(i => tier.TryGet(Key(i))!).ToList();

        Assert.Null(tier.TryRent(1));
        Assert.Equal(Chunks, tier.Statistics.Chunks);
        Assert.Equal(1, tier.Statistics.RefusedRents);
        readers.ForEach(reader => reader.Release());
        Assert.NotNull(tier.TryRent(ChunkSize));
    }

    [Fact]
    public void TryRent_OneChunkIdle_EvictsThatOne()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        for (var i = 0; i < Chunks; i++)
        {
            Put(tier, Key(i), ChunkSize);
        }

        var readers = Enumerable.Range(0, Chunks).Where(i => i != 5).Select(i => tier.TryGet(Key(i))!).ToList();

        Assert.NotNull(tier.TryRent(ChunkSize));
        Assert.False(tier.Contains(Key(5)));
        Assert.Equal(Chunks - 1, readers.Count(reader => reader.TryRetain()));
    }

    [Fact]
    public void TryRent_FullChunkAmongSmallOnes_MovesThemAsideAndKeepsNearlyAll()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        var smallOnes = Chunks * ChunkSize / KiB;
        for (var i = 0; i < smallOnes; i++)
        {
            Put(tier, Key(i), KiB);
        }

        // Every second chunk is evicted, so that half of the memory is free and no free run is longer than a small chunk.
        for (var i = 0; i < smallOnes; i += 2)
        {
            tier.Remove(Key(i));
        }

        var buffer = tier.TryRent(ChunkSize);

        Assert.NotNull(buffer);
        Assert.Equal(0, tier.Statistics.Evictions);
        Assert.Equal(smallOnes / 2, tier.Statistics.Chunks);
        for (var i = 1; i < smallOnes; i += 2)
        {
            AssertHit(tier, Key(i));
        }
    }

    [Fact]
    public void TryRent_FullChunkWhileEveryRegionHasAReader_NullAndFewEvicted()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        var smallOnes = Chunks * ChunkSize / KiB;
        for (var i = 0; i < smallOnes; i++)
        {
            Put(tier, Key(i), KiB);
        }

        // Small chunks fill one region after the other: one reader in the middle of each.
        var readers = Enumerable.Range(0, Chunks).Select(i => tier.TryGet(Key((i * ChunkSize / KiB) + 32))!).ToList();

        Assert.Null(tier.TryRent(ChunkSize));
        Assert.InRange(tier.Statistics.Chunks, smallOnes * (Chunks - 1) / Chunks, smallOnes);
        Assert.NotNull(tier.TryRent(ChunkSize / 4));
        readers.ForEach(reader => reader.Release());
        Assert.NotNull(tier.TryRent(ChunkSize));
    }

    /// <summary>Room for full chunks is made where small ones lie; that must not cost those that the policy would keep.</summary>
    [Fact]
    public void TryRent_ManyLengthsPassThrough_PopularSmallOnesStay()
    {
        const int Popular = 400;
        using var tier = new MemoryTier(64 * ChunkSize, ChunkSize);
        var random = new Random(1);
        var (hits, reads, passed) = (0, 0, 1000L);
        for (var round = 0; round < 40; round++)
        {
            for (var popular = 0; popular < Popular; popular++)
            {
                var hit = ReadThrough(tier, Key(popular), 1000 + (popular * 10));
                (hits, reads) = round == 0 ? (0, 0) : (hits + (hit ? 1 : 0), reads + 1);
                ReadThrough(tier, Key(passed++), random.Next(8) == 0 ? ChunkSize : random.Next(1, 5000));
            }
        }

        Assert.True(tier.Statistics.MovedBytes > 0);
        Assert.True(hits > 0.95 * reads, $"{hits} hits of {reads} reads of the popular ones");
    }

    [Fact]
    public void TryRent_SmallFiles_TakeLittleMoreThanTheirBytes()
    {
        using var tier = new MemoryTier(64L * KiB * KiB, KiB * KiB);
        var random = new Random(1);
        var bytes = 0L;
        for (var i = 0; tier.Statistics.Evictions == 0; i++)
        {
            var length = random.Next(8 * KiB, 600 * KiB);
            bytes += length;
            Put(tier, Key(i), length, stamp: false);
        }

        Assert.InRange((double)bytes / tier.Statistics.BudgetBytes, 0.9, 1.01);
    }

    [Fact]
    public void TryGet_ScanOfTenTimesTheBudget_PopularHalfStays()
    {
        using var tier = new MemoryTier(64 * ChunkSize, ChunkSize);
        var (hits, reads) = (0, 0);
        var scanned = 1000L;
        for (var round = 0; round < 21; round++)
        {
            for (var popular = 0; popular < 32; popular++)
            {
                var hit = ReadThrough(tier, Key(popular), ChunkSize);
                (hits, reads) = round == 0 ? (0, 0) : (hits + (hit ? 1 : 0), reads + 1);
                if (round > 0)
                {
                    ReadThrough(tier, Key(scanned++), ChunkSize);
                }
            }
        }

        Assert.Equal(1000 + (10 * 64), scanned);
        Assert.True(hits > 0.95 * reads, $"{hits} hits of {reads} reads of the popular half");
    }

    private static bool ReadThrough(MemoryTier tier, ChunkKey key, int length)
    {
        if (tier.TryGet(key) is { } found)
        {
            found.Release();
            return true;
        }

        Put(tier, key, length, stamp: false);
        return false;
    }
}
