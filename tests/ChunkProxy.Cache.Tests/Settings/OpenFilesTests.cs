using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData(1024, true, 640, 0)]
    [InlineData(1024, false, 480, 160)]
    [InlineData(65_536, true, 64_256, 0)]
    [InlineData(100, false, 16, 16)] // too few for everything: the least that works
    public void Divide_ALimit_LeavesTheProcessItsOwn(int limit, bool standsAlone, int clients, int members) =>
        Assert.Equal((clients, members), OpenFiles.Divide(limit, originConnections: 64, standsAlone));

    [Fact]
    public void Raise_HardLimitAboveTheSoftOne_ReturnsWhatIsInForce() => Assert.InRange(OpenFiles.Raise(), 64, int.MaxValue);
}
