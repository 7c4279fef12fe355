using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class ChunkRunTests
{
    [Fact]
    public void Join_Neighbours_BecomeOneRunWhereTheyAreEqual()
    {
        var runs = ChunkRun.Join([InMemory(0), InMemory(1), InMemory(2, heat: 3), InMemory(3, heat: 3)]);

        Assert.Equal([InMemory(0) with { Count = 2 }, InMemory(2, heat: 3) with { Count = 2 }], runs);
    }

    [Fact]
    public void Join_NothingBetweenEqualChunks_KeepsThemApart()
    {
        var runs = ChunkRun.Join([InMemory(4), new ChunkRun(5, 1, MemoryPresence.None, Disk: false, Filling: false, 0), InMemory(6)]);

        Assert.Equal([InMemory(4), InMemory(6)], runs);
    }

    [Fact]
    public void Join_DiskOrFillAlone_IsSomething()
    {
        ChunkRun[] chunks = [new(0, 1, MemoryPresence.None, Disk: true, Filling: false, 0), new(1, 1, MemoryPresence.None, Disk: false, Filling: true, 0)];

        Assert.Equal(chunks, ChunkRun.Join(chunks));
    }

    [Fact]
    public void CountChunks_RunsOfSeveralMembersOverlap_CountsEachChunkOnce()
    {
        ChunkRun[] runs =
        [
            InMemory(0) with { Count = 4 },
            InMemory(2) with { Count = 3 },
            new(9, 2, MemoryPresence.None, Disk: true, Filling: false, 0),
            new(20, 5, MemoryPresence.Part, Disk: false, Filling: false, 0),
        ];

        Assert.Equal(7, ChunkRun.CountChunks(runs, run => run.IsWhole));
    }

    private static ChunkRun InMemory(long index, int heat = 0) => new(index, 1, MemoryPresence.Whole, Disk: false, Filling: false, heat);
}
