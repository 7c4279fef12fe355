using ChunkProxy.Web.Cli.Commands;
using ChunkProxy.Web.Operations.Status;
using CsCheck;

namespace ChunkProxy.Web.Tests.Cli.Commands;

public sealed class MapStripTests
{
    private static readonly Gen<MapRun> Run =
        from first in Gen.Long[0, 60]
        from count in Gen.Long[1, 20]
        from memory in Gen.Int[0, 2].Select(i => new[] { "none", "part", "whole" }[i])
        from disk in Gen.Bool
        from filling in Gen.Bool
        select new MapRun(first, count, memory, disk, filling, Heat: 0);

    [Theory]
    [InlineData("whole", false, false, MapCell.Memory)]
    [InlineData("whole", true, false, MapCell.Memory)]
    [InlineData("none", true, false, MapCell.Disk)]
    [InlineData("part", true, false, MapCell.Disk)]
    [InlineData("part", false, false, MapCell.Part)]
    [InlineData("none", false, false, MapCell.Nothing)]
    [InlineData("part", false, true, MapCell.Filling)]
    [InlineData("whole", true, true, MapCell.Filling)]
    internal void Draw_OneChunk_SaysHowItIsThere(string memory, bool disk, bool filling, MapCell expected) =>
        Assert.Equal([expected, expected, expected], MapStrip.Draw([new MapRun(0, 1, memory, disk, filling, 0)], 1, 3));

    [Fact]
    public void Draw_SeveralChunksInACell_AreWholeOnlyTogether()
    {
        MapRun[] runs = [new(0, 3, "whole", false, false, 0), new(4, 2, "whole", false, false, 0), new(5, 1, "none", true, false, 0), new(6, 2, "none", true, false, 0)];

        Assert.Equal([MapCell.Memory, MapCell.Part, MapCell.Memory, MapCell.Disk, MapCell.Nothing], MapStrip.Draw(runs, 10, 5));
    }

    // A chunk that is in memory here and on disk there is in one place of the cluster at least.
    [Fact]
    public void Draw_RunsOfSeveralMembers_AreJoined() => Assert.Equal(
        [MapCell.Memory, MapCell.Memory, MapCell.Disk, MapCell.Nothing],
        MapStrip.Draw([new(0, 1, "whole", false, false, 0), new(0, 3, "none", true, false, 0), new(1, 1, "whole", false, false, 0)], 4, 4));

    [Fact]
    public void Draw_NoChunks_DrawsNothing() => Assert.Empty(MapStrip.Draw([], 0, 100));

    [Fact]
    public void Draw_AnyRuns_FillsTheWidthAndLosesNoChunk() => Gen.Select(Run.List[0, 10], Gen.Long[1, 60], Gen.Int[1, 200]).Sample((runs, chunks, width) =>
    {
        var cells = MapStrip.Draw(runs, chunks, width);

        Assert.Equal(width, cells.Length);
        var isThere = runs.Any(run => run.First < chunks && (run.Memory != "none" || run.Disk || run.Filling));
        Assert.Equal(isThere, cells.Any(cell => cell != MapCell.Nothing));
        var isFilling = runs.Any(run => run.First < chunks && run.Filling);
        Assert.Equal(isFilling, cells.Contains(MapCell.Filling));
    });
}
