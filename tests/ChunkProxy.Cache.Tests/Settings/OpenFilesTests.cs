using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class OpenFilesTests
{
    [Theory]
    [InlineData(1024, true, 512, 0, 0)]
    [InlineData(1024, false, 192, 128, 192)]
    [InlineData(65_536, true, 57_088, 0, 0)]
    [InlineData(65_536, false, 21_408, 14_272, 21_408)]
    [InlineData(100, false, 24, 16, 24)] // too few for everything: the least that works
    public void Divide_ALimit_LeavesTheProcessItsOwn(int limit, bool standsAlone, int clients, int from, int to) =>
        Assert.Equal((clients, from, to), OpenFiles.Divide(limit, originConnections: 64, standsAlone));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Divide_AnyLimitWithRoom_IsNeverExceeded(bool standsAlone)
    {
        for (var limit = 512; limit < 2_000_000; limit += (limit / 50) + 1)
        {
            var (clients, from, to) = OpenFiles.Divide(limit, originConnections: 64, standsAlone);
            var (files, kept) = OpenFiles.ChunkFiles(limit);

            Assert.InRange(files + clients + from + to, 1, limit - 64 - 192);
            Assert.InRange(kept, 1, files / 2);
        }
    }

    [Fact]
    public void Raise_HardLimitAboveTheSoftOne_ReturnsWhatIsInForce() => Assert.InRange(OpenFiles.Raise(), 64, int.MaxValue);
}
