using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskIndexTests
{
    private static readonly Gen<(int Action, ChunkKey Key, int Units)> Step = Gen.Select(
        Gen.Int[0, 11], Gen.Select(Gen.Int[0, 5], Gen.Int[-1, 6], (version, number) => new ChunkKey((Hash128)(uint)version, number)), Gen.Int[1, 5]);

    [Fact]
    public void AnyUse_BehavesAsADictionaryWithABudget() => Step.List[1, 500].Sample(steps =>
    {
        var model = new Model();
        foreach (var (action, key, units) in steps)
        {
            model.Do(action, key, units * DiskEntry.Unit);
            model.Check();
        }

        model.EvictAll();
        model.Check();
    });

    [Fact]
    public void Remove_EntryOfAReplacedFile_RefundsNothing()
    {
        var index = new DiskIndex(100 * DiskEntry.Unit);
        var key = new ChunkKey(1, 1);
        Add(index, key, 2);
        var reader = index.Enter(key)!;
        Add(index, key, 3);

        index.Remove(reader);
        reader.Leave();

        Assert.True(reader.IsGone);
        Assert.Equal((1, 3 * DiskEntry.Unit, 0), (index.Count, index.Space.UsedBytes, index.OpenCount));
    }

    [Fact]
    public void Leave_LastReaderOfAFileWhoseSlotIsUsedAgain_LeavesTheNewFileAlone()
    {
        var index = new DiskIndex(100 * DiskEntry.Unit);
        var (old, next) = (new ChunkKey(1, 1), new ChunkKey(2, 7));
        Add(index, old, 1);
        var reader = index.Enter(old)!;
        index.Remove(old);
        Add(index, next, 1);
        var other = index.Enter(next)!;
        Assert.Equal(reader.Slot, other.Slot);

        reader.Leave();

        Assert.Equal(1, index.OpenCount);
        Assert.Null(index.NextVictim()); // the new file is in use
        other.Leave();
        Assert.Equal(next, index.NextVictim()!.Key);
    }

    [Fact]
    public void TryCondemn_ByTwoReadersOrAfterARemoval_OnlyTheFirstMayDelete()
    {
        var index = new DiskIndex(100 * DiskEntry.Unit);
        Add(index, new ChunkKey(1, 1), 1);
        Add(index, new ChunkKey(1, 2), 1);
        var damaged = index.Enter(new ChunkKey(1, 1))!;
        var removed = index.Enter(new ChunkKey(1, 2))!;
        index.Condemn(removed.Key);

        Assert.Equal([true, false, false], [index.TryCondemn(damaged), index.TryCondemn(damaged), index.TryCondemn(removed)]);
        Assert.Null(index.Enter(damaged.Key));
        Assert.Equal(2, index.Count);
    }

    [Theory]
    [InlineData(-2, 1, false)]
    [InlineData(-1, 1, true)]
    [InlineData(uint.MaxValue - 1L, 1, true)]
    [InlineData(uint.MaxValue, 1, false)]
    [InlineData(0, (1L << 36) - 4096, true)]
    [InlineData(0, 1L << 36, false)]
    public void CanHold_LargeNumbers_OnlyWhatASlotCanExpress(long number, long size, bool expected) =>
        Assert.Equal(expected, DiskSlots.CanHold(new ChunkKey(1, number), size));

    [Fact]
    public async Task ManyThreads_ReadersWritersAndEvictions_NothingIsLostOrCountedTwice()
    {
        const int Most = 200;
        var index = new DiskIndex(Most * DiskEntry.Unit);
        var isOver = false;

        void Read(int seed)
        {
            var random = new Random(seed);
            while (!Volatile.Read(ref isOver))
            {
                var key = new ChunkKey((Hash128)(uint)random.Next(20), random.Next(20));
                if (index.Enter(key) is { } entry)
                {
                    Assert.Equal(key, entry.Key);
                    if (random.Next(10) == 0 && index.TryCondemn(entry))
                    {
                        index.Remove(entry);
                    }

                    entry.Leave();
                }
            }
        }

        var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() => Read(seed))).ToArray();
        var writer = new Random(9);
        for (var i = 0; i < 100_000; i++) // one thread adds and evicts, as in the product
        {
            var key = new ChunkKey((Hash128)(uint)writer.Next(20), writer.Next(20));
            while (!index.Space.TryCharge(DiskEntry.Unit))
            {
                if (index.NextVictim() is { } victim)
                {
                    index.Remove(victim);
                }
            }

            index.Add(key, DiskEntry.Unit);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);

        Assert.Equal(index.Count * DiskEntry.Unit, index.Space.UsedBytes);
        Assert.Equal(0, index.OpenCount);
        while (index.NextVictim() is { } victim)
        {
            index.Remove(victim);
        }

        Assert.Equal((0, 0L, 0), (index.Count, index.Space.UsedBytes, index.OpenCount));
    }

    private static void Add(DiskIndex index, ChunkKey key, int units)
    {
        Assert.True(index.Space.TryCharge(units * DiskEntry.Unit));
        index.Add(key, units * DiskEntry.Unit);
    }

    /// <summary>An index, and beside it what it should contain.</summary>
    private sealed class Model
    {
        private const long Budget = 60 * DiskEntry.Unit;

        private readonly DiskIndex _index = new(Budget);
        private readonly Dictionary<ChunkKey, (long Size, bool IsCondemned)> _files = [];
        private readonly List<(DiskEntry Entry, bool IsCurrent)> _readers = [];

        private long Used => _files.Values.Sum(file => file.Size);

        public void Do(int action, ChunkKey key, long size)
        {
            switch (action)
            {
                case < 4:
                    Add(key, size);
                    break;
                case 4:
                    _index.Remove(key);
                    Left(key);
                    break;
                case 5:
                    _index.Condemn(key);
                    if (_files.TryGetValue(key, out var file))
                    {
                        _files[key] = (file.Size, true);
                    }

                    break;
                case < 8:
                    Enter(key);
                    break;
                case < 10 when _readers.Count > 0:
                    _readers[0].Entry.Leave();
                    _readers.RemoveAt(0);
                    break;
                case 10 when _readers.Count > 0:
                    RemoveByReader(_readers[^1]);
                    break;
                default:
                    if (_index.NextVictim() is { } victim)
                    {
                        Assert.Contains(victim.Key, _files.Keys);
                        Assert.DoesNotContain(victim.Key, InUse());
                        _index.Reinstate(victim);
                    }

                    break;
            }
        }

        public void EvictAll()
        {
            foreach (var (entry, _) in _readers)
            {
                entry.Leave();
            }

            _readers.Clear();
            while (_index.NextVictim() is { } victim)
            {
                _index.Remove(victim);
                Assert.True(_files.Remove(victim.Key));
            }

            Assert.Empty(_files);
        }

        public void Check()
        {
            Assert.Equal((_files.Count, Used), (_index.Count, _index.Space.UsedBytes));
            Assert.Equal(InUse().Count(), _index.OpenCount);
            for (var version = 0; version <= 5; version++)
            {
                var expected = _files.Where(file => file.Key.Version == (Hash128)(uint)version).ToArray();
                Assert.Equal(expected.Select(file => file.Key.Index).Order(), _index.KeysOf((Hash128)(uint)version).Select(key => key.Index).Order());
                Assert.Equal(expected.Where(file => !file.Value.IsCondemned).Select(file => file.Key.Index).Order(), _index.NumbersOf((Hash128)(uint)version).Order());
                Assert.Equal(expected.Length > 0, _index.ContainsVersion((Hash128)(uint)version));
                foreach (var file in expected)
                {
                    Assert.Equal((file.Value.Size, !file.Value.IsCondemned), (_index.SizeOf(file.Key) ?? 0, _index.Contains(file.Key)));
                }
            }

            Assert.Equal(_files.Keys.OrderBy(Order), Enumerable.Range(0, _index.EndOfVersions).SelectMany(_index.KeysOf).OrderBy(Order));
        }

        private static (ulong, ulong, long) Order(ChunkKey key) => (key.Version.High, key.Version.Low, key.Index);

        private IEnumerable<ChunkKey> InUse() => _readers.Where(reader => reader.IsCurrent).Select(reader => reader.Entry.Key).Distinct();

        private void Add(ChunkKey key, long size)
        {
            while (!_index.Space.TryCharge(size))
            {
                if (_index.NextVictim() is not { } victim)
                {
                    Assert.Equal(InUse().Count(), _files.Count);
                    return;
                }

                Assert.DoesNotContain(victim.Key, InUse());
                _index.Remove(victim);
                Left(victim.Key);
            }

            _index.Add(key, size);
            Left(key);
            _files.Add(key, (size, false));
        }

        private void Enter(ChunkKey key)
        {
            var entry = _index.Enter(key);
            Assert.Equal(_files.TryGetValue(key, out var file) && !file.IsCondemned, entry is not null);
            if (entry is not null)
            {
                Assert.Equal((key, file.Size), (entry.Key, entry.Size));
                _readers.Add((entry, true));
            }
        }

        private void RemoveByReader((DiskEntry Entry, bool IsCurrent) reader)
        {
            _index.Remove(reader.Entry);
            if (reader.IsCurrent)
            {
                Left(reader.Entry.Key);
            }
        }

        private void Left(ChunkKey key)
        {
            _files.Remove(key);
            for (var i = 0; i < _readers.Count; i++)
            {
                _readers[i] = (_readers[i].Entry, _readers[i].IsCurrent && _readers[i].Entry.Key != key);
            }
        }
    }
}
