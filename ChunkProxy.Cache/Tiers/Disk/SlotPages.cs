namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Numbered slots in pages: they grow without being copied, and free slots are used again. Not thread-safe.</summary>
internal sealed class SlotPages<T>
    where T : struct, ILinkedSlot
{
    /// <summary>The number of no slot.</summary>
    public const int None = -1;

    private const int PageBits = 12;
    private const int PageSize = 1 << PageBits;

    private readonly List<T[]> _pages = [];
    private int _free = None;

    /// <summary>All slots in use have lower numbers.</summary>
    public int End { get; private set; }

    public ref T this[int slot] => ref _pages[slot >> PageBits][slot & (PageSize - 1)];

    /// <summary>Takes a slot with default values.</summary>
    public int Take()
    {
        var slot = _free;
        if (slot != None)
        {
            _free = this[slot].Link;
            this[slot] = default;
            return slot;
        }

        slot = End++;
        if (slot >> PageBits == _pages.Count)
        {
            _pages.Add(new T[PageSize]);
        }

        return slot;
    }

    public void Free(int slot)
    {
        this[slot] = default(T) with { Link = _free };
        _free = slot;
    }
}
