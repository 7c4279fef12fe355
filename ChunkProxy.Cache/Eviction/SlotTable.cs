using System.Numerics;

namespace ChunkProxy.Cache.Eviction;

/// <summary>Finds numbered slots by key, in 5 to 6 bytes a slot. The keys themselves are in the slots.</summary>
/// <remarks>
/// Open addressing with linear probing. The table consists of small segments that grow by a quarter, each alone, so an addition never pauses to
/// move all slots. A cell is 32 bits: the slot's number plus one, and in the bits above it as much of the hash as fits, so that a probe of a
/// full cell rarely reads another key's slot. Not thread-safe.
/// </remarks>
/// <param name="keys">The keys of the slots.</param>
/// <param name="segments">A power of two, at least 2.</param>
internal sealed class SlotTable<TKey, TKeys>(TKeys keys, int segments)
    where TKeys : ISlotKeys<TKey>
{
    /// <summary>Largest number of a slot.</summary>
    public const int MaxSlot = int.MaxValue - 1;

    private const int FirstCells = 4;
    private const double MostLoad = 0.85;
    private const double Growth = 1.25;

    private readonly Segment[] _segments = new Segment[segments];
    private readonly int _segmentShift = 64 - BitOperations.Log2((uint)segments);

    /// <summary>Returns the slot of the key, or −1.</summary>
    public int Find(TKey key)
    {
        var hash = keys.HashOf(key);
        ref var segment = ref SegmentOf(hash);
        if (segment.Cells is not { } cells)
        {
            return -1;
        }

        var tag = TagOf(hash, segment.Bits);
        for (var at = HomeOf(hash, cells.Length); cells[at] != 0; at = Next(at, cells.Length))
        {
            if (cells[at] >>> segment.Bits == tag && SlotIn(cells[at], segment.Bits) is var slot && keys.HasKey(slot, key))
            {
                return slot;
            }
        }

        return -1;
    }

    /// <summary>Adds a slot whose key is not in the table.</summary>
    public void Add(int slot)
    {
        var hash = keys.HashOfSlot(slot);
        ref var segment = ref SegmentOf(hash);
        var bits = 32 - BitOperations.LeadingZeroCount((uint)slot + 1);
        if (segment.Cells is null)
        {
            segment.Cells = new uint[FirstCells];
            segment.Bits = bits;
        }
        else if (segment.Count + 1 > MostLoad * segment.Cells.Length)
        {
            Rebuild(ref segment, (int)(segment.Cells.Length * Growth) + 1, Math.Max(segment.Bits, bits));
        }
        else if (bits > segment.Bits)
        {
            Rebuild(ref segment, segment.Cells.Length, bits);
        }

        Put(segment.Cells!, slot, hash, segment.Bits);
        segment.Count++;
    }

    /// <summary>Removes a slot that is in the table. Its key must still be in the slot.</summary>
    public void Remove(int slot)
    {
        var hash = keys.HashOfSlot(slot);
        ref var segment = ref SegmentOf(hash);
        var cells = segment.Cells!;
        var gap = HomeOf(hash, cells.Length);
        while (SlotIn(cells[gap], segment.Bits) != slot)
        {
            gap = Next(gap, cells.Length);
        }

        // Later cells move up, so that no probe ends at the gap too early. A cell stays if its home is after the gap.
        for (var at = Next(gap, cells.Length); cells[at] != 0; at = Next(at, cells.Length))
        {
            var home = HomeOf(keys.HashOfSlot(SlotIn(cells[at], segment.Bits)), cells.Length);
            if (Distance(home, at, cells.Length) >= Distance(gap, at, cells.Length))
            {
                cells[gap] = cells[at];
                gap = at;
            }
        }

        cells[gap] = 0;
        segment.Count--;
        if (segment.Count == 0)
        {
            segment = default;
        }
        else if (segment.Count < cells.Length / 4 && cells.Length > 4 * FirstCells)
        {
            Rebuild(ref segment, cells.Length / 2, segment.Bits);
        }
    }

    private static int Next(int at, int length) => at + 1 == length ? 0 : at + 1;

    private static int Distance(int from, int to, int length) => to >= from ? to - from : to - from + length;

    // The top bits of the hash choose the segment, the middle ones the cell, the lowest ones are the tag.
    private static int HomeOf(ulong hash, int length) => (int)(((hash >> 20 & uint.MaxValue) * (ulong)length) >> 32);

    private static uint TagOf(ulong hash, int bits) => (uint)hash & (uint.MaxValue >>> bits);

    private static int SlotIn(uint cell, int bits) => (int)(cell & (uint.MaxValue >>> (32 - bits))) - 1;

    private static void Put(uint[] cells, int slot, ulong hash, int bits)
    {
        var at = HomeOf(hash, cells.Length);
        while (cells[at] != 0)
        {
            at = Next(at, cells.Length);
        }

        cells[at] = ((uint)slot + 1) | (TagOf(hash, bits) << bits);
    }

    private ref Segment SegmentOf(ulong hash) => ref _segments[hash >> _segmentShift];

    private void Rebuild(ref Segment segment, int length, int bits)
    {
        var cells = new uint[length];
        foreach (var cell in segment.Cells!)
        {
            if (cell != 0)
            {
                var slot = SlotIn(cell, segment.Bits);
                Put(cells, slot, keys.HashOfSlot(slot), bits);
            }
        }

        segment.Cells = cells;
        segment.Bits = bits;
    }

    private struct Segment
    {
        public uint[]? Cells; // 0: empty
        public int Count;
        public int Bits; // of the largest slot's number plus one: 1 to 31
    }
}
