using System.Numerics;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Allocates runs of pages in the slab. Pure arithmetic: it does not access the memory.</summary>
/// <remarks>
/// The slab consists of regions, each as long as a full chunk, and a region consists of pages. A block is a run of pages inside one region.
/// <para>
/// Why not a buddy allocator: nearly all chunks are full and take exactly one region either way. For tails and small files, buddies waste a quarter
/// on average (520 KiB take 1 MiB), and a chunk size that is no power of two would waste as much of every chunk. Runs waste less than one page per
/// block. The search for a fitting run is cheap: regions are kept in bins by their longest free run, a bit map finds the tightest bin, and a
/// region's own map is a few words.
/// </para>
/// <para>
/// Best fit: the tightest region is used first, so small blocks gather in few regions and leave the others whole. Never used regions come last,
/// so memory that was not needed yet stays untouched and costs nothing.
/// </para>
/// Not thread-safe. The tables take about 50 bytes per region, and stay untouched themselves until used.
/// </remarks>
internal sealed class RegionAllocator
{
    private readonly int _wordsPerRegion;
    private readonly ulong[] _taken;     // _wordsPerRegion words per region
    private readonly int[] _freePages;   // valid once the region was used
    private readonly int[] _longestRun;  // likewise; also the bin of the region
    private readonly int[] _bins;        // by longest run: first region + 1, 0 when empty
    private readonly ulong[] _binsInUse; // one bit per bin
    private readonly int[] _next;        // in the bin: region + 1, 0 at the end
    private readonly int[] _previous;
    private int _withheld = -1;

    public RegionAllocator(int regions, int pagesPerRegion)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(regions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pagesPerRegion);
        Regions = regions;
        PagesPerRegion = pagesPerRegion;
        FreePages = (long)regions * pagesPerRegion;
        _wordsPerRegion = PageMap.WordsFor(pagesPerRegion);
        _taken = new ulong[(long)regions * _wordsPerRegion];
        _freePages = new int[regions];
        _longestRun = new int[regions];
        _next = new int[regions];
        _previous = new int[regions];
        _bins = new int[pagesPerRegion + 1];
        _binsInUse = new ulong[PageMap.WordsFor(pagesPerRegion + 1)];
    }

    public int Regions { get; }

    public int PagesPerRegion { get; }

    /// <summary>This region and all after it were never used.</summary>
    public int FirstUnused { get; private set; }

    public long FreePages { get; private set; }

    public int FreePagesIn(int region) => region < FirstUnused ? _freePages[region] : PagesPerRegion;

    public bool TryAllocate(int pages, out int region, out int page)
    {
        region = TightestRegion(pages);
        if (region < 0)
        {
            if (FirstUnused == Regions)
            {
                page = -1;
                return false;
            }

            region = FirstUnused++;
            _freePages[region] = PagesPerRegion;
            _longestRun[region] = PagesPerRegion;
            Link(region);
        }

        page = TightestRun(region, pages);
        Map(region).Take(page, pages);
        Account(region, -pages);
        return true;
    }

    public void Free(int region, int page, int pages)
    {
        Map(region).Free(page, pages);
        Account(region, pages);
    }

    /// <summary>Excludes a region from <see cref="TryAllocate"/> while it is being vacated.</summary>
    public void Withhold(int region)
    {
        Unlink(region);
        _withheld = region;
    }

    public void Restore()
    {
        var region = _withheld;
        _withheld = -1;
        Link(region);
    }

    private PageMap Map(int region) => new(_taken.AsSpan(region * _wordsPerRegion, _wordsPerRegion), PagesPerRegion);

    private int TightestRegion(int pages)
    {
        var word = pages / 64;
        var bits = _binsInUse[word] & (ulong.MaxValue << (pages % 64));
        while (bits == 0)
        {
            if (++word == _binsInUse.Length)
            {
                return -1;
            }

            bits = _binsInUse[word];
        }

        return _bins[(word * 64) + BitOperations.TrailingZeroCount(bits)] - 1;
    }

    private int TightestRun(int region, int pages)
    {
        var map = Map(region);
        var (best, bestLength) = (-1, int.MaxValue);
        for (var page = 0; map.TryNextFree(page, out var start, out var length); page = start + length)
        {
            if (length >= pages && length < bestLength)
            {
                (best, bestLength) = (start, length);
            }
        }

        return best;
    }

    private void Account(int region, int freed)
    {
        FreePages += freed;
        _freePages[region] += freed;

        var map = Map(region);
        var longest = 0;
        for (var page = 0; map.TryNextFree(page, out var start, out var length); page = start + length)
        {
            longest = Math.Max(longest, length);
        }

        if (region == _withheld)
        {
            _longestRun[region] = longest; // Restore links the region
        }
        else if (longest != _longestRun[region])
        {
            Unlink(region);
            _longestRun[region] = longest;
            Link(region);
        }
    }

    private void Link(int region)
    {
        var bin = _longestRun[region];
        var first = _bins[bin];
        _next[region] = first;
        _previous[region] = 0;
        if (first != 0)
        {
            _previous[first - 1] = region + 1;
        }

        _bins[bin] = region + 1;
        _binsInUse[bin / 64] |= 1UL << (bin % 64);
    }

    private void Unlink(int region)
    {
        var bin = _longestRun[region];
        var (previous, next) = (_previous[region], _next[region]);
        if (previous != 0)
        {
            _next[previous - 1] = next;
        }
        else
        {
            _bins[bin] = next;
            if (next == 0)
            {
                _binsInUse[bin / 64] &= ~(1UL << (bin % 64));
            }
        }

        if (next != 0)
        {
            _previous[next - 1] = previous;
        }
    }
}
