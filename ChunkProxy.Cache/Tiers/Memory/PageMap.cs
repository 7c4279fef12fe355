using System.Numerics;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Bit map of one region's pages. A set bit means taken.</summary>
internal readonly ref struct PageMap(Span<ulong> words, int pages)
{
    private const int Bits = 64;

    private readonly Span<ulong> _words = words;

    public static int WordsFor(int pages) => (pages + Bits - 1) / Bits;

    /// <summary>Finds the first run of free pages at or after <paramref name="from"/>.</summary>
    public bool TryNextFree(int from, out int start, out int length)
    {
        start = Next(from, taken: false);
        length = start < pages ? Next(start, taken: true) - start : 0;
        return length > 0;
    }

    /// <exception cref="InvalidOperationException">A page is already taken.</exception>
    public void Take(int start, int length)
    {
        for (var page = start; page < start + length;)
        {
            var mask = MaskAt(page, start + length, out var next);
            ref var word = ref _words[page / Bits];
            if ((word & mask) != 0)
            {
                throw new InvalidOperationException("A page of the slab is already allocated.");
            }

            word |= mask;
            page = next;
        }
    }

    /// <exception cref="InvalidOperationException">A page is already free.</exception>
    public void Free(int start, int length)
    {
        for (var page = start; page < start + length;)
        {
            var mask = MaskAt(page, start + length, out var next);
            ref var word = ref _words[page / Bits];
            if ((word & mask) != mask)
            {
                throw new InvalidOperationException("A page of the slab is already free.");
            }

            word &= ~mask;
            page = next;
        }
    }

    /// <summary>Mask of the bits from a page to the end of its word, or to <paramref name="end"/> if that is closer.</summary>
    private static ulong MaskAt(int page, int end, out int next)
    {
        var bit = page % Bits;
        var count = Math.Min(Bits - bit, end - page);
        next = page + count;
        return (count == Bits ? ulong.MaxValue : (1UL << count) - 1) << bit;
    }

    /// <summary>First page at or after <paramref name="from"/> in the given state, or the number of pages if there is none.</summary>
    private int Next(int from, bool taken)
    {
        for (var page = from; page < pages;)
        {
            var word = (taken ? _words[page / Bits] : ~_words[page / Bits]) >> (page % Bits);
            if (word != 0)
            {
                return Math.Min(pages, page + BitOperations.TrailingZeroCount(word));
            }

            page += Bits - (page % Bits);
        }

        return pages;
    }
}
