using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Cli.Commands;
using CsCheck;

namespace ChunkProxy.Web.Tests.Cli.Commands;

public sealed class MapStripTests
{
    private static readonly Gen<ChunkRun> Run =
        from first in Gen.Long[0, 60]
        from count in Gen.Long[1, 20]
        from memory in Gen.Int[0, 2].Select(i => (MemoryPresence)i)
        from disk in Gen.Bool
        from filling in Gen.Bool
        select new ChunkRun(first, count, memory, disk, filling, Heat: 0);

    [Theory]
    [InlineData(MemoryPresence.Whole, false, false, MapCell.Memory)]
    [InlineData(MemoryPresence.Whole, true, false, MapCell.Memory)]
    [InlineData(MemoryPresence.None, true, false, MapCell.Disk)]
    [InlineData(MemoryPresence.Part, true, false, MapCell.Disk)]
    [InlineData(MemoryPresence.Part, false, false, MapCell.Part)]
    [InlineData(MemoryPresence.None, false, false, MapCell.Nothing)]
    [InlineData(MemoryPresence.Part, false, true, MapCell.Filling)]
    [InlineData(MemoryPresence.Whole, true, true, MapCell.Filling)]
    internal void Draw_OneChunk_SaysHowItIsThere(MemoryPresence memory, bool disk, bool filling, MapCell expected) =>
        Assert.Equal([expected, expected, expected], MapStrip.Draw([new ChunkRun(0, 1, memory, disk, filling, 0)], 1, 3));

    [Fact]
    public void Draw_SeveralChunksInACell_AreWholeOnlyTogether()
    {
        ChunkRun[] runs = [new(0, 3, MemoryPresence.Whole, false, false, 0), new(4, 2, MemoryPresence.Whole, false, false, 0), new(5, 1, MemoryPresence.None, true, false, 0), new(6, 2, MemoryPresence.None, true, false, 0)];

        Assert.Equal([MapCell.Memory, MapCell.Part, MapCell.Memory, MapCell.Disk, MapCell.Nothing], MapStrip.Draw(runs, 10, 5));
    }

    // A chunk that is in memory here and on disk there is in one place of the cluster at least.
    [Fact]
    public void Draw_RunsOfSeveralMembers_AreJoined() => Assert.Equal(
        [MapCell.Memory, MapCell.Memory, MapCell.Disk, MapCell.Nothing],
        MapStrip.Draw([new(0, 1, MemoryPresence.Whole, false, false, 0), new(0, 3, MemoryPresence.None, true, false, 0), new(1, 1, MemoryPresence.Whole, false, false, 0)], 4, 4));

    [Fact]
    public void Draw_NoChunks_DrawsNothing() => Assert.Empty(MapStrip.Draw([], 0, 100));

    [Fact]
    public void Draw_AnyRuns_FillsTheWidthAndLosesNoChunk() => Gen.Select(Run.List[0, 10], Gen.Long[1, 60], Gen.Int[1, 200]).Sample((runs, chunks, width) =>
    {
        var cells = MapStrip.Draw(runs, chunks, width);

        Assert.Equal(width, cells.Length);
        var isThere = runs.Any(run => run.First < chunks && (run.Memory is not MemoryPresence.None || run.Disk || run.Filling));
        Assert.Equal(isThere, cells.Any(cell => cell != MapCell.Nothing));
        var isFilling = runs.Any(run => run.First < chunks && run.Filling);
        Assert.Equal(isFilling, cells.Contains(MapCell.Filling));
    });
}
