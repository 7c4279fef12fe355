namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Allocates chunk buffers from the slab and reclaims their blocks.</summary>
/// <remarks>The tier's lock guards all members except <see cref="Return"/>, which needs no lock: the end of a send must not wait.</remarks>
internal sealed unsafe class ChunkSlab : IDisposable
{
    private const int MaxPageSize = 4096;
    private const int MinPageSize = 64; // a cache line
    private const int PagesWanted = 256;

    private readonly SlabMemory _memory;
    private readonly RegionAllocator _allocator;
    private readonly PagesAhead _pagesAhead;
    private readonly ChunkBuffer?[] _buffers; // by region: first buffer of its list
    private readonly ulong[] _obstacles;      // TryFindRun: pages of one region that buffers in use occupy
    private ChunkBuffer? _dead;
    private long _usedBytes;

    public ChunkSlab(long budget, int chunkSize)
    {
        PageSize = PageSizeFor(chunkSize);
        var regionSize = RegionSizeFor(chunkSize);
        var regions = checked((int)(budget / regionSize));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(regions, nameof(budget));
        ChunkSize = chunkSize;
        Capacity = regions * regionSize;
        _allocator = new RegionAllocator(regions, (int)(regionSize / PageSize));
        _buffers = new ChunkBuffer?[regions];
        _obstacles = new ulong[PageMap.WordsFor(_allocator.PagesPerRegion)];
        _memory = new SlabMemory(Capacity);
        _pagesAhead = new PagesAhead(_memory, Capacity);
    }

    public int ChunkSize { get; }

    public int PageSize { get; }

    public long Capacity { get; }

    /// <summary>Bytes of all allocated blocks.</summary>
    public long UsedBytes => Volatile.Read(ref _usedBytes);

    public long FreeBytes => _allocator.FreePages * PageSize;

    public long RegionSize => (long)_allocator.PagesPerRegion * PageSize;

    /// <summary>Bytes per page. Block lengths are rounded up to pages: 4 KiB for chunks of 1 MiB and more, less for smaller ones.</summary>
    public static int PageSizeFor(int chunkSize) =>
        (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(chunkSize / PagesWanted, MinPageSize, MaxPageSize));

    /// <summary>Bytes per region. A region holds one full chunk.</summary>
    public static long RegionSizeFor(int chunkSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunkSize);
        var pageSize = PageSizeFor(chunkSize);
        return (Math.Max(chunkSize, MaxPageSize) + (long)pageSize - 1) / pageSize * pageSize;
    }

    /// <summary>Returns a buffer with one reference, or null when no run of free pages is long enough.</summary>
    public ChunkBuffer? TryAllocate(int length)
    {
        TakeBackDead();
        var pages = (length + PageSize - 1) / PageSize;
        if (!_allocator.TryAllocate(pages, out var region, out var page))
        {
            return null;
        }

        var retained = false;
        _memory.DangerousAddRef(ref retained); // released in Return
        var offset = (region * RegionSize) + ((long)page * PageSize);
        var buffer = new ChunkBuffer(this, _memory.Start + offset, length, region, page, pages);
        Link(buffer);
        Interlocked.Add(ref _usedBytes, buffer.BlockBytes);
        return buffer;
    }

    /// <summary>Makes the memory of the next blocks resident. Call it when no reader waits.</summary>
    public void PrepareAhead() => _pagesAhead.UsedUpTo(_allocator.FirstUnused * RegionSize);

    /// <summary>Reclaims the block of a buffer whose last reference was released.</summary>
    /// <remarks>Pushes on a lock-free list. The next allocation takes the whole list at once, so a push has no ABA problem.</remarks>
    public void Return(ChunkBuffer buffer)
    {
        Interlocked.Add(ref _usedBytes, -buffer.BlockBytes);
        var head = Volatile.Read(ref _dead);
        while (true)
        {
            buffer.NextDead = head;
            var seen = Interlocked.CompareExchange(ref _dead, buffer, head);
            if (seen == head)
            {
                break;
            }

            head = seen;
        }

        _memory.DangerousRelease();
    }

    /// <summary>Finds the run of pages for a block of this length that is cheapest to vacate, in bytes.</summary>
    /// <remarks>Excludes its region from allocation until <see cref="EndVacating"/>.</remarks>
    /// <returns>The buffers in that run, none in use when checked. Null when buffers in use break up every run.</returns>
    public List<ChunkBuffer>? BeginVacating(int length)
    {
        TakeBackDead();
        var pages = (length + PageSize - 1) / PageSize;
        var (bestRegion, bestPage, bestCost) = (-1, -1, int.MaxValue);
        for (var region = 0; region < _allocator.FirstUnused; region++)
        {
            // Lower bound of the region's cost: pages beyond its free ones must be vacated.
            if (pages - _allocator.FreePagesIn(region) < bestCost && TryFindRun(region, pages, out var page))
            {
                var cost = Within(region, page, pages).Sum(buffer => buffer.Pages);
                if (cost < bestCost)
                {
                    (bestRegion, bestPage, bestCost) = (region, page, cost);
                }
            }
        }

        if (bestRegion < 0)
        {
            return null;
        }

        _allocator.Withhold(bestRegion);
        return [.. Within(bestRegion, bestPage, pages)];
    }

    public void EndVacating()
    {
        TakeBackDead();
        _allocator.Restore();
    }

    /// <summary>The address range is unmapped after the last buffer is released.</summary>
    public void Dispose() => _memory.Dispose();

    private void TakeBackDead()
    {
        for (var buffer = Interlocked.Exchange(ref _dead, null); buffer is not null;)
        {
            var next = buffer.NextDead;
            buffer.NextDead = null;
            Unlink(buffer);
            _allocator.Free(buffer.Region, buffer.Page, buffer.Pages);
            buffer = next;
        }
    }

    /// <summary>Finds the first long enough run of pages without buffers in use.</summary>
    private bool TryFindRun(int region, int pages, out int page)
    {
        Array.Clear(_obstacles);
        var map = new PageMap(_obstacles, _allocator.PagesPerRegion);
        for (var buffer = _buffers[region]; buffer is not null; buffer = buffer.NextInRegion)
        {
            if (buffer.IsInUse)
            {
                map.Take(buffer.Page, buffer.Pages);
            }
        }

        for (var from = 0; map.TryNextFree(from, out page, out var length); from = page + length)
        {
            if (length >= pages)
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<ChunkBuffer> Within(int region, int page, int pages)
    {
        for (var buffer = _buffers[region]; buffer is not null; buffer = buffer.NextInRegion)
        {
            if (buffer.Page < page + pages && page < buffer.Page + buffer.Pages)
            {
                yield return buffer;
            }
        }
    }

    private void Link(ChunkBuffer buffer)
    {
        var first = _buffers[buffer.Region];
        buffer.NextInRegion = first;
        if (first is not null)
        {
            first.PreviousInRegion = buffer;
        }

        _buffers[buffer.Region] = buffer;
    }

    private void Unlink(ChunkBuffer buffer)
    {
        if (buffer.PreviousInRegion is { } previous)
        {
            previous.NextInRegion = buffer.NextInRegion;
        }
        else
        {
            _buffers[buffer.Region] = buffer.NextInRegion;
        }

        if (buffer.NextInRegion is { } next)
        {
            next.PreviousInRegion = buffer.PreviousInRegion;
        }

        buffer.NextInRegion = null;
        buffer.PreviousInRegion = null;
    }
}
