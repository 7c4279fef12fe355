using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class OpenFilesTests
{
    private const string Alone = "stand-alone node";
    private const string Member = "member";
    private const string FrontEnd = "front end";

    [Theory]
    [InlineData(1024, Alone, 512, 0, 0)]
    [InlineData(1024, Member, 192, 128, 192)]
    [InlineData(1024, FrontEnd, 256, 0, 256)]
    [InlineData(65_536, Alone, 57_088, 0, 0)]
    [InlineData(65_536, Member, 21_408, 14_272, 21_408)]
    [InlineData(65_536, FrontEnd, 28_544, 0, 28_544)]
    [InlineData(100, Member, 24, 16, 24)] // too few for everything: the least that works
    public void Divide_ALimit_LeavesTheProcessItsOwn(int limit, string role, int clients, int from, int to)
    {
        var shares = Divide(limit, role, hasDisk: true);

        Assert.Equal((clients, from, to), (shares.Clients, shares.FromMembers, shares.ToMembers));
    }

    [Fact]
    public void Divide_NoDisk_ConnectionsHaveTheShareOfTheFiles() =>
        Assert.Equal(new OpenFileShares(ChunkFiles: 0, KeptFiles: 0, Clients: 384, FromMembers: 0, ToMembers: 384), Divide(1024, FrontEnd, hasDisk: false));

    [Theory]
    [InlineData(Alone)]
    [InlineData(Member)]
    [InlineData(FrontEnd)]
    public void Divide_AnyLimitWithRoom_IsNeverExceeded(string role)
    {
        for (var limit = 512; limit < 2_000_000; limit += (limit / 50) + 1)
        {
            var shares = Divide(limit, role, hasDisk: true);

            Assert.Equal(limit - 64 - 192, shares.ChunkFiles + shares.Clients + shares.FromMembers + shares.ToMembers);
            Assert.InRange(shares.KeptFiles, 1, shares.ChunkFiles / 2);
        }
    }

    [Fact]
    public void Raise_HardLimitAboveTheSoftOne_ReturnsWhatIsInForce() => Assert.InRange(OpenFiles.Raise(), 64, int.MaxValue);

    private static OpenFileShares Divide(int limit, string role, bool hasDisk) =>
        OpenFiles.Divide(limit, originConnections: 64, hasDisk, hasMembers: role != Alone, isMember: role != FrontEnd);
}
