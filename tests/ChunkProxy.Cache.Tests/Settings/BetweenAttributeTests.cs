using System.Globalization;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class BetweenAttributeTests
{
    [Theory]
    [InlineData("1", "1,000", 1, true)]
    [InlineData("1", "1,000", 1000, true)]
    [InlineData("1", "1,000", 0, false)]
    [InlineData("1", "1,000", 1001, false)]
    [InlineData("16", null, int.MaxValue, true)]
    public void Admits_Number_BothEndsIncluded(string least, string? most, int value, bool admitted) =>
        Assert.Equal(admitted, new BetweenAttribute(least, most).Admits(value));

    [Theory]
    [InlineData("1 ms", "10 min", "00:00:00.001", true)]
    [InlineData("1 ms", "10 min", "00:10:00", true)]
    [InlineData("1 ms", "10 min", "00:00:00.0009999", false)]
    [InlineData("0", "1 h", "01:00:00.0000001", false)]
    [InlineData("0", "1 h", "-00:00:00.0000001", false)]
    [InlineData("2 s", "1 d", "1.00:00:00", true)]
    public void Admits_Time_BothEndsIncluded(string least, string most, string value, bool admitted) =>
        Assert.Equal(admitted, new BetweenAttribute(least, most).Admits(TimeSpan.Parse(value, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("1B", "64MiB", 64L << 20, true)]
    [InlineData("1B", "64MiB", (64L << 20) + 1, false)]
    [InlineData("1B", "64MiB", 0L, false)]
    [InlineData("64KiB", null, 65_536L, true)]
    [InlineData("64KiB", null, 65_535L, false)]
    public void Admits_Size_BothEndsIncluded(string least, string? most, long bytes, bool admitted) =>
        Assert.Equal(admitted, new BetweenAttribute(least, most).Admits(new ByteSize(bytes)));

    [Fact]
    public void Admits_NotANumber_False() => Assert.False(new BetweenAttribute("0", "1").Admits(double.NaN));

    [Fact]
    public void ToString_IsHowPeopleReadIt()
    {
        Assert.Equal("1 ms to 10 min", new BetweenAttribute("1 ms", "10 min").ToString());
        Assert.Equal("at least 64KiB", new BetweenAttribute("64KiB").ToString());
    }
}
