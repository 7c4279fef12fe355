using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskIndexMemoryTests
{
    private const int Files = 300_000;
    private const int ChunksOfAFilm = 1000;

    private readonly DiskIndex _index = new(Files * DiskEntry.Unit);

    [Fact]
    public void Add_ManyFiles_HoldsAtMost48BytesAFileWithTheGhostsOfAsManyEvicted()
    {
        Add(0);
        var filled = HeapSize.Of(_index);
        for (var i = 0; i < Files; i++)
        {
            _index.Remove(_index.NextVictim()!);
            Add(Files + i, 1);
        }

        Assert.Equal((Files, Files * DiskEntry.Unit, 0), (_index.Count, _index.Space.UsedBytes, _index.OpenCount));
        Assert.InRange(filled / (double)Files, 28, 37);
        Assert.InRange(HeapSize.Of(_index) / (double)Files, 28, 48);
    }

    [Fact]
    public void Add_ManyFiles_AllocatesLittleMoreThanItHolds()
    {
        Add(0, 1); // loads the types
        var before = GC.GetAllocatedBytesForCurrentThread();
        Add(1, Files - 1);

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / (double)Files, 28, 70); // the tables grow by a quarter
    }

    [Fact]
    public void EnterAndLeave_EveryFile_HoldsNoMoreThanBefore()
    {
        Add(0, 1000);
        var before = HeapSize.Of(_index);
        for (var i = 0; i < 1000; i++)
        {
            _index.Enter(KeyOf(i))!.Leave();
        }

        Assert.InRange(HeapSize.Of(_index) - before, 0, 1000); // room for one open file in a dictionary
    }

    private static ChunkKey KeyOf(int number) => new((uint)(number / ChunksOfAFilm) * 0x9E3779B97F4A7C15UL, number % ChunksOfAFilm);

    private void Add(int first, int count = Files)
    {
        for (var i = first; i < first + count; i++)
        {
            Assert.True(_index.Space.TryCharge(DiskEntry.Unit));
            _index.Add(KeyOf(i), DiskEntry.Unit);
        }
    }
}
