using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Tests.Ownership;

public sealed class EpochTests
{
    private static readonly Member A = new("a:1");
    private static readonly Member B = new("b:1");

    [Fact]
    public void Members_AnyOrder_SortedById() => Assert.Equal([A, B], new Epoch([B, A]).Members);

    [Fact]
    public void Constructor_SameIdTwice_Refused() => Assert.Throws<ArgumentException>(() => new Epoch([A, B, A with { Weight = 2 }]));

    [Fact]
    public void Number_WeightDiffers_Differs() => Assert.NotEqual(new Epoch([A, B]).Number, new Epoch([A, B with { Weight = 2 }]).Number);

    [Fact]
    public void Number_MemberMissing_Differs() => Assert.NotEqual(new Epoch([A, B]).Number, new Epoch([A]).Number);

    [Fact]
    public void Number_OnlyWhatIsToldToPeopleDiffers_Equal()
    {
        var restarted = new Epoch([A, B with { Version = "2", StartedAt = DateTimeOffset.UnixEpoch, Role = MemberRole.Node }]);

        Assert.Equal(new Epoch([A, B]).Number, restarted.Number);
        Assert.False(new Epoch([A, B]).SameMembersAs(restarted));
    }

    [Fact]
    public void Find_EachMemberAndAStranger_TheMemberOrNull()
    {
        var epoch = new Epoch([A, B, new Member("c:1")]);

        Assert.All(epoch.Members, member => Assert.Same(member, epoch.Find(member.Id)));
        Assert.Null(epoch.Find("b:2"));
        Assert.Null(Epoch.Empty.Find("a:1"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Weight_NotAFiniteNumberAboveZero_Refused(double weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Member("a:1") { Weight = weight });
}
