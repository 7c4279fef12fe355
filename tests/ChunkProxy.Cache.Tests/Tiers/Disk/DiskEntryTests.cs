using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskEntryTests
{
    [Fact]
    public void Create_Entry_TakesAtMost120Bytes()
    {
        const int count = 1000;
        var entries = new DiskEntry[count];
        _ = new DiskEntry(default, 1); // loads the type

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
        {
            entries[i] = new DiskEntry(new ChunkKey(1, i), 4096);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)count;
        Assert.InRange(each, 1, 120);
        GC.KeepAlive(entries);
    }
}
