using ChunkProxy.Cache.Eviction;
using CsCheck;

namespace ChunkProxy.Cache.Tests.Eviction;

public sealed class SlotTableTests
{
    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0xFF00_0000_0000_0000)] // all keys of a segment at one place
    [InlineData(0x0000_0FFF_FFFF_FFFF)] // all keys in one segment
    [InlineData(0xF)] // few hashes, all in one segment and at one place
    public void AnyUse_BehavesAsADictionary(ulong hashBits) =>
        Gen.Select(Gen.Bool, Gen.Int[0, 400]).List[1, 800].Sample(
            steps =>
            {
                var keys = new Keys(hashBits);
                var table = new SlotTable<int, Keys>(keys, 4);
                var slots = new Dictionary<int, int>();
                for (var i = 0; i < steps.Count; i++)
                {
                    var (isAdded, key) = steps[i];
                    Assert.Equal(slots.TryGetValue(key, out var slot) ? slot : -1, table.Find(key));
                    if (slots.Remove(key))
                    {
                        table.Remove(slot);
                    }

                    if (isAdded)
                    {
                        keys.Of[i * 1000] = key; // large numbers take more bits of the cells
                        table.Add(i * 1000);
                        slots.Add(key, i * 1000);
                    }
                }

                Assert.All(Enumerable.Range(0, 401), key => Assert.Equal(slots.TryGetValue(key, out var slot) ? slot : -1, table.Find(key)));
            },
            iter: 100);

    [Fact]
    public void Find_LargestSlot_IsFound()
    {
        var keys = new Keys(ulong.MaxValue);
        var table = new SlotTable<int, Keys>(keys, 2);
        foreach (var slot in (int[])[0, 1, SlotTable<int, Keys>.MaxSlot])
        {
            keys.Of[slot] = slot;
            table.Add(slot);
        }

        Assert.Equal([0, 1, SlotTable<int, Keys>.MaxSlot], new[] { 0, 1, SlotTable<int, Keys>.MaxSlot }.Select(table.Find));
    }

    private sealed class Keys(ulong hashBits) : ISlotKeys<int>
    {
        public Dictionary<int, int> Of { get; } = []; // keys by slot

        public ulong HashOf(int key) => (((ulong)key + 1) * 0x9E3779B97F4A7C15UL) & hashBits;

        public ulong HashOfSlot(int slot) => HashOf(Of[slot]);

        public bool HasKey(int slot, int key) => Of[slot] == key;
    }
}
