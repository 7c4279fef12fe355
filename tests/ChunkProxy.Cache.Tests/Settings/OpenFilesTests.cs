using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData(1024, true, 512, 0)]
    [InlineData(1024, false, 384, 128)]
    [InlineData(65_536, true, 57_088, 0)]
    [InlineData(100, false, 16, 16)] // too few for everything: the least that works
    public void Divide_ALimit_LeavesTheProcessItsOwn(int limit, bool standsAlone, int clients, int members) =>
        Assert.Equal((clients, members), OpenFiles.Divide(limit, originConnections: 64, standsAlone));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Divide_AnyLimitWithRoom_IsNeverExceeded(bool standsAlone)
    {
        for (var limit = 512; limit < 2_000_000; limit += (limit / 50) + 1)
        {
            var (clients, members) = OpenFiles.Divide(limit, originConnections: 64, standsAlone);
            var (files, kept) = OpenFiles.ChunkFiles(limit);

            Assert.InRange(files + clients + members, 1, limit - 64 - 192);
            Assert.InRange(kept, 1, files / 2);
        }
    }

    [Fact]
    public void Raise_HardLimitAboveTheSoftOne_ReturnsWhatIsInForce() => Assert.InRange(OpenFiles.Raise(), 64, int.MaxValue);
}
