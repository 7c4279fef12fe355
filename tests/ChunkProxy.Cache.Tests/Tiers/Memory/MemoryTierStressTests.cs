using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

public sealed class MemoryTierStressTests
{
    private const int ChunkSize = 16 * 1024;
    private const int Steps = 15_000;
    private const int Workers = 4;

    /// <summary>Rent, add, get, read, release, remove and eviction against each other: every byte read is the key's own, and nothing is lost.</summary>
    [Fact]
    public async Task ManyThreads_EverythingAtOnce_NoWrongByteAndAllMemoryComesBack()
    {
        using var tier = new MemoryTier(16 * ChunkSize, ChunkSize);
        var reads = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => Work(tier, new Random(worker)))));

        var statistics = tier.Statistics;
        Assert.True(reads.Sum() > Workers * Steps / 10, $"only {reads.Sum()} hits");
        Assert.True(statistics.Evictions > 1000, $"only {statistics.Evictions} evictions");
        Assert.True(statistics.MovedBytes > 0, "nothing was moved");
        Assert.Equal(statistics.CachedBytes, statistics.UsedBytes);

        // A block that was lost could not be rented again.
        for (var key = 0; key < 64; key++)
        {
            tier.Remove(Key(key));
        }

        Assert.Equal(0, tier.Statistics.UsedBytes);
        Assert.DoesNotContain(null, Enumerable.Range(0, 16).Select(_ => tier.TryRent(ChunkSize)).ToList());
    }

    private static int Work(MemoryTier tier, Random random)
    {
        var hits = 0;
        var held = new Queue<(ChunkBuffer Buffer, ChunkKey Key)>();
        for (var step = 0; step < Steps; step++)
        {
            // Low numbers are asked for most, so that the same entries are hit, evicted and replaced by several threads.
            var key = Key((int)(64 * random.NextDouble() * random.NextDouble()));
            var action = random.Next(20);
            if (action == 0)
            {
                tier.Remove(key);
            }
            else if (action > 1 && tier.TryGet(key) is { } found)
            {
                hits++;
                AssertRight(found, key);
                held.Enqueue((found, key));
            }
            else if (tier.TryRent(random.Next(4) == 0 ? ChunkSize : random.Next(1, 1000)) is { } rented)
            {
                Stamp.Write(rented, key);
                tier.Add(key, rented);
                held.Enqueue((rented, key));
            }

            Assert.True(tier.Statistics.UsedBytes <= tier.Statistics.BudgetBytes);
            while (held.Count > random.Next(4))
            {
                var (buffer, of) = held.Dequeue();
                AssertRight(buffer, of);
                buffer.Release();
            }
        }

        foreach (var (buffer, _) in held)
        {
            buffer.Release();
        }

        return hits;
    }

    private static void AssertRight(ChunkBuffer buffer, ChunkKey key)
    {
        var wrong = Stamp.FirstWrong(buffer, key);
        if (wrong >= 0)
        {
            Assert.Fail($"{key}: byte {wrong} of {buffer.Length} is another chunk's");
        }
    }

    private static ChunkKey Key(int number) => new(7, number);
}
