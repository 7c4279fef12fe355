using ChunkProxy.Cache.Fills;

namespace ChunkProxy.Cache.Tests.Fills;

public sealed class FillRunTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public void Advance_InTheFirstMoments_SaysNothingOfTheSpeed()
    {
        var run = new FillRun(0, 16 * MiB);
        run.Advance(1000, TimeSpan.FromMilliseconds(49));
        Assert.Equal((1000, int.MaxValue), (run.Position, run.Reach));
    }

    [Theory]
    [InlineData(4 * MiB, 200, 2 * MiB)] // the bytes of 100 ms
    [InlineData(8 * MiB, 50, 16 * MiB)]
    [InlineData(1000, 50, FillRun.ShortestReach)]
    public void Advance_LaterOn_ReachesAsFarAsAReaderWaits(int count, int milliseconds, int reach)
    {
        var run = new FillRun(3 * MiB, 32 * MiB); // only bytes of this run count
        run.Advance(count, TimeSpan.FromMilliseconds(milliseconds));
        Assert.Equal(reach, run.Reach);
    }
}
