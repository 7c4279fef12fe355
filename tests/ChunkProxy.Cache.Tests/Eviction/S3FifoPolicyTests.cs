using System.Collections.Concurrent;
using ChunkProxy.Cache.Eviction;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Eviction;

public sealed class S3FifoPolicyTests
{
    [Fact]
    public void TryEvict_NothingHeld_False() => Assert.False(new S3FifoPolicy<int>(100).TryEvict(out _));

    [Fact]
    public void TryEvict_ReadTwiceWhileNew_OutlivesThoseThatWereNot()
    {
        var policy = new S3FifoPolicy<int>(10);
        var popular = Added(policy, 0);
        Added(policy, 1);
        policy.Touch(popular);
        Added(policy, 2);
        policy.Touch(popular);
        for (var key = 3; key < 10; key++)
        {
            Added(policy, key);
        }

        var victims = Enumerable.Range(0, 8).Select(_ => policy.TryEvict(out var victim) ? victim.Key : -1).ToList();

        Assert.Equal(Enumerable.Range(1, 8), victims.Order());
    }

    [Fact]
    public void TryEvict_SomeInUse_PassesOverThemAndEndsWhenNoOtherIsLeft()
    {
        var policy = new S3FifoPolicy<int>(100);
        for (var key = 0; key < 100; key++)
        {
            policy.Add(new Entry(key, inUse: key % 3 == 0));
        }

        var victims = Enumerable.Range(0, 66).Select(_ => policy.TryEvict(out var victim) ? victim.Key : -1).ToList();

        Assert.Equal(Enumerable.Range(0, 100).Where(key => key % 3 != 0), victims.Order());
        Assert.False(policy.TryEvict(out _));
        Assert.Equal(34, policy.Count);
    }

    [Fact]
    public void Add_EntryTwice_Throws()
    {
        var policy = new S3FifoPolicy<int>(10);
        var entry = Added(policy, 0);

        Assert.Throws<InvalidOperationException>(() => policy.Add(entry));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)] // a player that reads each chunk in sixteen ranges
    public void Scan_TenTimesTheCapacity_PopularHalfStays(int readsPerChunk)
    {
        const int Capacity = 400;
        var cache = new PolicyCache(new S3FifoPolicy<long>(Capacity, Capacity / 64));
        var (hits, reads, scanned) = (0, 0, 1_000_000L);
        while (scanned < 1_000_000 + (10 * Capacity))
        {
            var counts = scanned > 1_000_000;
            for (var popular = 0; popular < Capacity / 2; popular++)
            {
                var hit = cache.Read(popular);
                (hits, reads) = counts ? (hits + (hit ? 1 : 0), reads + 1) : (0, 0);
                scanned++;
                for (var read = 0; counts && read < readsPerChunk; read++)
                {
                    cache.Read(scanned);
                }
            }
        }

        Assert.True(hits > 0.95 * reads, $"{hits} hits of {reads} reads of the popular half");
    }

    [Fact]
    public void Touch_NothingCameInBetween_LoveIsNoticedAllTheSame()
    {
        const int Capacity = 400;
        var cache = new PolicyCache(new S3FifoPolicy<long>(Capacity, Capacity / 64));
        for (var read = 0; read < 200; read++)
        {
            cache.Read(read % 3);
        }

        for (var scanned = 1000; scanned < 1000 + (3 * Capacity); scanned++)
        {
            cache.Read(scanned);
        }

        Assert.Equal([true, true, true], [cache.Read(0), cache.Read(1), cache.Read(2)]);
    }

    [Fact]
    public void Loop_LongerThanTheCapacity_KeepsAGoodPart()
    {
        var cache = new PolicyCache(new S3FifoPolicy<long>(500));
        var hits = Enumerable.Range(0, 10_000).Count(read => cache.Read(read % 1000));

        Assert.True(hits > 2000, $"{hits} hits of 10,000: LRU has none");
    }

    [Fact]
    public void AnyUse_HoldsWhatCameInAndDidNotLeave() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 30], Gen.Int[1, 20]).List[1, 400].Sample(steps =>
        {
            var policy = new S3FifoPolicy<int>(200);
            var held = new Dictionary<int, EvictionEntry<int>>();
            foreach (var (action, key, size) in steps)
            {
                if (held.TryGetValue(key, out var entry))
                {
                    if (action == 0)
                    {
                        Assert.True(policy.Remove(entry));
                        Assert.False(policy.Remove(entry));
                        held.Remove(key);
                    }
                    else
                    {
                        policy.Touch(entry);
                    }
                }
                else
                {
                    while (policy.UsedBytes + size > policy.Capacity)
                    {
                        Assert.True(policy.TryEvict(out var victim));
                        Assert.True(held.Remove(victim.Key, out var known) && known == victim);
                    }

                    held[key] = new EvictionEntry<int>(key, size);
                    policy.Add(held[key]);
                }

                Assert.Equal((held.Count, held.Values.Sum(held => held.Size)), (policy.Count, policy.UsedBytes));
            }
        });

    [Fact]
    public async Task ManyThreads_EveryEntryLeavesOnce()
    {
        const int Workers = 4;
        const int Each = 20_000;
        var policy = new S3FifoPolicy<int>(1000);
        var left = new ConcurrentBag<int>();
        var seen = new ConcurrentQueue<EvictionEntry<int>>();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < Each; i++)
            {
                seen.Enqueue(Added(policy, (worker * Each) + i));
                if (seen.TryDequeue(out var other))
                {
                    policy.Touch(other);
                    if (random.Next(4) == 0 && policy.Remove(other))
                    {
                        left.Add(other.Key);
                    }
                }

                while (policy.UsedBytes > policy.Capacity && policy.TryEvict(out var victim))
                {
                    left.Add(victim.Key);
                }
            }
        })));

        Assert.True(policy.UsedBytes <= policy.Capacity);
        while (policy.TryEvict(out var victim))
        {
            left.Add(victim.Key);
        }

        Assert.Equal(Enumerable.Range(0, Workers * Each), left.Order());
        Assert.Equal((0, 0L), (policy.Count, policy.UsedBytes));
    }

    private static EvictionEntry<int> Added(S3FifoPolicy<int> policy, int key)
    {
        var entry = new EvictionEntry<int>(key, 1);
        policy.Add(entry);
        return entry;
    }

    private sealed class Entry(int key, bool inUse) : EvictionEntry<int>(key, 1)
    {
        public override bool IsInUse => inUse;
    }

    /// <summary>Reads through a policy as a tier does; every entry is one byte.</summary>
    private sealed class PolicyCache(IEvictionPolicy<long> policy)
    {
        private readonly Dictionary<long, EvictionEntry<long>> _index = [];

        public bool Read(long key)
        {
            if (_index.TryGetValue(key, out var entry))
            {
                policy.Touch(entry);
                return true;
            }

            while (policy.UsedBytes >= policy.Capacity && policy.TryEvict(out var victim))
            {
                _index.Remove(victim.Key);
            }

            entry = new EvictionEntry<long>(key, 1);
            _index.Add(key, entry);
            policy.Add(entry);
            return false;
        }
    }
}
