namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Makes the pages that the slab will use next resident before anybody writes into them.</summary>
/// <remarks>
/// The first write into a huge page waits for the system to find and clear 2 MiB: 0.1 ms, but 6 to 27 ms in a virtual machine whose host has to
/// find them first. Chunks of 1 MiB met that in every other cold read, between the origin's first byte and the client's (docs/performance-log.md).
/// <para>
/// Nothing happens before the first chunk: an idle process holds no memory for what nobody reads. Linux 5.14 and later; elsewhere pages
/// come with the first write, as ever.
/// </para>
/// </remarks>
internal sealed class PagesAhead(SlabMemory memory, long capacity) : IThreadPoolWorkItem
{
    /// <summary>Bytes that are kept ready behind the last region in use: several cold reads at once, and little beside a process.</summary>
    public const int Distance = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private long _used;
    private long _ready;
    private bool _isRunning;

    /// <summary>Regions are in use up to here, in bytes from the slab's start. Cheap when that is not new.</summary>
    public void UsedUpTo(long bytes)
    {
        lock (_lock)
        {
            _used = Math.Max(_used, bytes);
            if (_isRunning || NextWithin(Distance / 2) is null) // seldom and many at once: a read that comes meanwhile shares its processor with this
            {
                return;
            }

            _isRunning = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            long? page;
            lock (_lock)
            {
                page = NextWithin(Distance);
                _isRunning = page is not null;
            }

            if (page is not { } next)
            {
                return;
            }

            var length = Math.Min(SlabMemory.HugePage, capacity - next);
            var isReady = memory.TryMakeResident(next, length);
            lock (_lock)
            {
                _ready = isReady ? next + length : long.MaxValue; // refused once: no more of it
            }
        }
    }

    // Under the lock. A page that is in use already is its first writer's: whoever writes there waits for it at this moment.
    private long? NextWithin(int distance)
    {
        var page = Math.Max(_ready, (_used + SlabMemory.HugePage - 1) / SlabMemory.HugePage * SlabMemory.HugePage);
        return page < Math.Min(capacity, _used + distance) ? page : null;
    }
}
