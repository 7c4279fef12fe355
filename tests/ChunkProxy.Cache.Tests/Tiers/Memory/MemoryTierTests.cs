using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;
using CsCheck;
using static ChunkProxy.Cache.Tests.Tiers.Memory.TierUse;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

public sealed class MemoryTierTests
{
    private const int KiB = 1024;
    private const int ChunkSize = 64 * KiB;
    private const int Chunks = 8;

    [Fact]
    public void TryGet_HeldByAReaderWhileEvicted_ReadsOnAndTheBlockComesBackAfter()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        Put(tier, Key(0), ChunkSize);
        var reader = tier.TryGet(Key(0))!;
        tier.Remove(Key(0));
        for (var i = 1; i <= 3 * Chunks; i++)
        {
            Put(tier, Key(i), ChunkSize);
        }

        Assert.Equal(-1, Stamp.FirstWrong(reader, Key(0)));
        Assert.Equal(Chunks - 1, tier.Statistics.Chunks);
        reader.Release();
        Assert.Equal((Chunks - 1) * ChunkSize, tier.Statistics.UsedBytes);
    }

    [Fact]
    public void Add_KeyIsThere_TakesItsPlace()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        Put(tier, Key(1), 100);
        Put(tier, Key(1), ChunkSize);

        using var lease = new Held(tier.TryGet(Key(1))!);
        Assert.Equal(ChunkSize, lease.Buffer.Length);
        Assert.Equal(1, tier.Statistics.Chunks);
        Assert.Equal(ChunkSize, tier.Statistics.UsedBytes);
    }

    [Fact]
    public void Add_UnderAnotherKey_Throws()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        var buffer = tier.TryRent(100)!;
        tier.Add(Key(1), buffer);
        tier.Remove(Key(1));

        Assert.Throws<ArgumentException>(() => tier.Add(Key(2), buffer));
        tier.Add(Key(1), buffer);
        Assert.True(tier.Contains(Key(1)));
    }

    [Fact]
    public void Add_ReleasedBuffer_Throws()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        var buffer = tier.TryRent(100)!;
        buffer.Release();

        Assert.Throws<InvalidOperationException>(() => tier.Add(Key(1), buffer));
    }

    [Fact]
    public void Add_BufferOfAnotherTier_Throws()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        using var other = new MemoryTier(Chunks * ChunkSize, ChunkSize);

        Assert.Throws<ArgumentException>(() => tier.Add(Key(1), other.TryRent(100)!));
    }

    [Fact]
    public void TryGet_Hit_AllocatesNothing()
    {
        using var tier = new MemoryTier(Chunks * ChunkSize, ChunkSize);
        Put(tier, Key(1), ChunkSize);
        AssertHit(tier, Key(1));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            tier.TryGet(Key(1))!.Release();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(100_000)]
    [InlineData(1 << 20)]
    [InlineData(3_000_000)]
    public void MinimumBudget_AnyChunkSize_HoldsFourChunksInUse(int chunkSize)
    {
        using var tier = new MemoryTier(MemoryTier.MinimumBudget(chunkSize), chunkSize);

        var buffers = Enumerable.Range(0, 4).Select(_ => tier.TryRent(chunkSize)).ToList();

        Assert.DoesNotContain(null, buffers);
        Assert.True(tier.Statistics.UsedBytes <= tier.Statistics.BudgetBytes);
    }

    [Fact]
    public void Constructor_BudgetUnderOneChunk_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryTier(ChunkSize - 1, ChunkSize));

    [Fact]
    public void AnyUse_BehavesAsADictionaryWithABudget() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40], Gen.Int[1, ChunkSize]).List[1, 300].Sample(steps =>
        {
            using var tier = new MemoryTier(4 * ChunkSize, ChunkSize);
            var added = new Dictionary<ChunkKey, uint>();
            var held = new Queue<(ChunkBuffer Buffer, ChunkKey Key, uint Salt)>();
            var salt = 0u;
            foreach (var (action, number, size) in steps)
            {
                var key = Key(number);
                switch (action)
                {
                    case 0 or 1 or 2: // half of all are small, so that blocks of many lengths lie among each other
                        if (tier.TryRent(action == 0 ? size : 1 + (size % 2000)) is { } rented)
                        {
                            Stamp.Write(rented, key, ++salt);
                            tier.Add(key, rented);
                            added[key] = salt;
                            held.Enqueue((rented, key, salt));
                        }

                        break;
                    case 3:
                        if (tier.TryGet(key) is { } found)
                        {
                            Assert.Equal(-1, Stamp.FirstWrong(found, key, added[key]));
                            held.Enqueue((found, key, added[key]));
                        }

                        break;
                    case 4:
                        Assert.Equal(tier.Contains(key), tier.Remove(key));
                        Assert.Null(tier.TryGet(key));
                        break;
                    default:
                        break;
                }

                while (held.Count > number % 8)
                {
                    var oldest = held.Dequeue();
                    Assert.Equal(-1, Stamp.FirstWrong(oldest.Buffer, oldest.Key, oldest.Salt));
                    oldest.Buffer.Release();
                }

                var statistics = tier.Statistics;
                Assert.True(statistics.UsedBytes <= statistics.BudgetBytes);
                Assert.True(statistics.CachedBytes <= statistics.UsedBytes);
            }
        });
}
