using ChunkProxy.Cache.Eviction;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Eviction;

public sealed class GhostQueueTests
{
    [Fact]
    public void AnyUse_RemembersTheLastUpToTheirTotalSize() =>
        Gen.Select(Gen.Bool, Gen.UInt[0, 3000], Gen.Int[0, 2047]).List[1, 6000].Sample(
            steps =>
            {
                const long Capacity = 1_500_000;
                var ghosts = new GhostQueue(Capacity);
                var order = new List<(uint Hash, long Size, int Number)>(); // a key that returned stays in the order until it is oldest
                var known = new Dictionary<uint, (long Size, int Number)>();
                for (var i = 0; i < steps.Count; i++)
                {
                    var (isAdded, hash, size) = steps[i];
                    if (!isAdded)
                    {
                        Assert.Equal(known.Remove(hash), ghosts.Remove(hash));
                        continue;
                    }

                    ghosts.Add(hash, size);
                    order.Add((hash, size, i));
                    known[hash] = (size, i);
                    while (order.Sum(ghost => ghost.Size) > Capacity)
                    {
                        if (known.TryGetValue(order[0].Hash, out var oldest) && oldest.Number == order[0].Number)
                        {
                            known.Remove(order[0].Hash);
                        }

                        order.RemoveAt(0);
                    }
                }

                Assert.Equal(known.Values.Sum(ghost => ghost.Size), ghosts.Bytes);
            },
            iter: 50);

    [Theory]
    [InlineData(0)]
    [InlineData(2047)]
    [InlineData(1024 * 1024 + 4096)] // a chunk of the default size with its header
    [InlineData(8 * 1024 * 1024 - 4096)]
    [InlineData(2047L << 31)]
    public void Add_SizeOfElevenSignificantBits_IsKeptExactly(long size)
    {
        var ghosts = new GhostQueue(long.MaxValue / 2);
        ghosts.Add(1, size);

        Assert.Equal(size, ghosts.Bytes);
    }

    [Fact]
    public void Add_ManyTimesTheCapacity_OnlyTheLastAreKnown()
    {
        const int Capacity = 5000;
        var ghosts = new GhostQueue(Capacity);
        for (var hash = 0u; hash < 40 * Capacity; hash++)
        {
            ghosts.Add(hash, 1);
        }

        Assert.Equal(Capacity, ghosts.Bytes);
        Assert.False(ghosts.Remove((39 * Capacity) - 1));
        Assert.All(Enumerable.Range(39 * Capacity, Capacity), hash => Assert.True(ghosts.Remove((uint)hash)));
        Assert.Equal(0, ghosts.Bytes);
    }
}
