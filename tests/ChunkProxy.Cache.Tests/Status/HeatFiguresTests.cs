using ChunkProxy.Cache.Status;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class HeatFiguresTests
{
    [Fact]
    public void AddUp_SegmentsWithPartsOfDifferentWidth_HasTheWidestParts()
    {
        var heat = HeatFigures.AddUp([new HeatFigures(1, [1, 2, 3, 4, 5]), new HeatFigures(4, [10, 0, 30]), null])!;

        Assert.Equal(4, heat.SegmentsInPart);
        Assert.Equal([20, 5, 30], heat.Reads);
    }

    [Fact]
    public void AddUp_OneObject_AddsPartByPart() => Assert.Equal([3, 0, 1], HeatFigures.AddUp([new HeatFigures(0, [1, 0, 1]), new HeatFigures(0, [2, 0, 0])])!.Reads);

    [Fact]
    public void AddUp_NothingCounted_IsNull() => Assert.Null(HeatFigures.AddUp([null, new HeatFigures(0, [0, 0])]));
}
