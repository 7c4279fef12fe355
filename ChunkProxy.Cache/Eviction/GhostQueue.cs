using System.Numerics;
using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Eviction;

/// <summary>The keys evicted last, up to a total size of their entries. Guarded by the policy's lock.</summary>
/// <remarks>
/// A key is remembered as a hash of 32 bits, and a size as a number of 11 significant bits, so a ghost takes some 12 bytes. Two keys with one hash
/// are one ghost: a rare mistake, which places one entry in the other queue.
/// <para>A key that returns leaves the table at once, and the queue when it is oldest.</para>
/// </remarks>
internal sealed class GhostQueue
{
    private const int Segments = 1024;

    private readonly long _capacity;
    private readonly GhostRing _ring = new();
    private readonly SlotTable<uint, GhostRing> _table;
    private long _queuedBytes;

    /// <param name="capacity">Upper bound of the total size, in bytes.</param>
    public GhostQueue(long capacity)
    {
        _capacity = capacity;
        _table = new(_ring, Segments);
    }

    /// <summary>Total size of the remembered entries, in bytes.</summary>
    public long Bytes { get; private set; }

    public void Add(uint hash, long size)
    {
        Remove(hash);
        var ghost = new Ghost(hash, size);
        _table.Add(_ring.Enqueue(ghost));
        _queuedBytes += ghost.Size;
        Bytes += ghost.Size;
        while (_queuedBytes > _capacity || _ring.IsFull)
        {
            var number = _ring.Oldest;
            var oldest = _ring[number];
            if (_table.Find(oldest.Hash) == number)
            {
                _table.Remove(number);
                Bytes -= oldest.Size;
            }

            _queuedBytes -= oldest.Size;
            _ring.Dequeue();
        }
    }

    /// <summary>Removes the key. Returns false if it was not there.</summary>
    public bool Remove(uint hash)
    {
        var number = _table.Find(hash);
        if (number < 0)
        {
            return false;
        }

        Bytes -= _ring[number].Size;
        _table.Remove(number);
        return true;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 2)]
    private readonly struct Ghost(uint hash, long size)
    {
        private const int Significant = 11;

        private readonly ushort _size = Compact(size);

        public uint Hash { get; } = hash;

        public long Size => (long)(_size & ((1 << Significant) - 1)) << (_size >> Significant);

        private static ushort Compact(long size)
        {
            var exponent = Math.Max(0, 64 - BitOperations.LeadingZeroCount((ulong)size) - Significant);
            return (ushort)((size >> exponent) | ((long)exponent << Significant));
        }
    }

    /// <summary>A queue of numbered ghosts, in pages. The numbers start again at 0 after the largest.</summary>
    private sealed class GhostRing : ISlotKeys<uint>
    {
        private const int PageBits = 10;
        private const int PageSize = 1 << PageBits;
        private const int MaxNumber = (1 << 30) - 1;

        private Ghost[]?[] _pages = new Ghost[]?[1]; // by page number, modulo the length, a power of two
        private int _count;

        public bool IsFull => _count > MaxNumber - PageSize;

        public int Oldest { get; private set; }

        public Ghost this[int number] => PageOf(number)![number & (PageSize - 1)];

        public int Enqueue(Ghost ghost)
        {
            var number = (Oldest + _count) & MaxNumber;
            if (_count + PageSize >= _pages.Length * PageSize)
            {
                Grow();
            }

            ref var page = ref PageOf(number);
            page ??= new Ghost[PageSize];
            page[number & (PageSize - 1)] = ghost;
            _count++;
            return number;
        }

        public void Dequeue()
        {
            if ((Oldest & (PageSize - 1)) == PageSize - 1)
            {
                PageOf(Oldest) = null;
            }

            Oldest = (Oldest + 1) & MaxNumber;
            _count--;
        }

        public ulong HashOf(uint key) => key * 0x9E3779B97F4A7C15UL;

        public ulong HashOfSlot(int slot) => HashOf(this[slot].Hash);

        public bool HasKey(int slot, uint key) => this[slot].Hash == key;

        private ref Ghost[]? PageOf(int number) => ref _pages[(number >> PageBits) & (_pages.Length - 1)];

        private void Grow()
        {
            var pages = new Ghost[]?[_pages.Length * 2];
            for (var left = 0; left < _pages.Length; left++)
            {
                var page = (Oldest >> PageBits) + left;
                pages[page & (pages.Length - 1)] = _pages[page & (_pages.Length - 1)];
            }

            _pages = pages;
        }
    }
}
