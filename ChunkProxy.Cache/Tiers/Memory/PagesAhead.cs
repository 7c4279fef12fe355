namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Makes the next pages of the slab resident before they are written.</summary>
/// <remarks>
/// The first write to a huge page waits for the kernel to find and clear 2 MiB: 0.1 ms, but 6 to 27 ms in a virtual machine whose host must find the
/// memory first. Chunks of 1 MiB incurred this in every other cold read, between the origin's first byte and the client's (docs/performance-log.md).
/// <para>
/// Before the first chunk nothing is made resident, so an idle process uses no chunk memory. Requires Linux 5.14. On other systems pages become
/// resident on the first write.
/// </para>
/// </remarks>
internal sealed class PagesAhead(SlabMemory memory, long capacity) : IThreadPoolWorkItem
{
    /// <summary>Bytes kept resident beyond the last region in use: enough for several cold reads at once, small beside the process.</summary>
    public const int Distance = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private long _used;
    private long _ready;
    private bool _isRunning;

    /// <summary>Reports that regions are in use up to this offset in the slab, in bytes. Cheap when the offset is not new.</summary>
    public void UsedUpTo(long bytes)
    {
        lock (_lock)
        {
            _used = Math.Max(_used, bytes);
            if (_isRunning || NextWithin(Distance / 2) is null) // rarely and many at once: a concurrent read shares its processor with this work
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
                _ready = isReady ? next + length : long.MaxValue; // after one refusal, stop for good
            }
        }
    }

    // Under the lock. Skips a page that is already in use: its first writer is populating it at this moment.
    private long? NextWithin(int distance)
    {
        var page = Math.Max(_ready, (_used + SlabMemory.HugePage - 1) / SlabMemory.HugePage * SlabMemory.HugePage);
        return page < Math.Min(capacity, _used + distance) ? page : null;
    }
}
