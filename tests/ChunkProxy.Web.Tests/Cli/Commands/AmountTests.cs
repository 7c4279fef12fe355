using ChunkProxy.Web.Cli.Commands;

namespace ChunkProxy.Web.Tests.Cli.Commands;

public sealed class AmountTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(65536, "64.0 KiB")]
    [InlineData(1048576, "1.00 MiB")]
    [InlineData(3L * 1024 * 1024 * 1024, "3.00 GiB")]
    [InlineData(-2048, "-2.00 KiB")]
    [InlineData(long.MaxValue, "8.00 EiB")]
    public void Bytes_AreShortAndInBinaryUnits(long bytes, string expected) => Assert.Equal(expected, Amount.Bytes(bytes));

    [Theory]
    [InlineData(0, "0 %")]
    [InlineData(-3, "0 %")]
    [InlineData(0.00001, "0.1 %")]
    [InlineData(0.055, "5.5 %")]
    [InlineData(0.5, "50 %")]
    [InlineData(0.99999, "99.9 %")]
    [InlineData(1, "100 %")]
    public void Percent_AllAndNothing_AreSaidOfExactlyThat(double share, string expected) => Assert.Equal(expected, Amount.Percent(share));

    [Theory]
    [InlineData(0.00002, "20 µs")]
    [InlineData(0.0042, "4.2 ms")]
    [InlineData(0.42, "420 ms")]
    [InlineData(4.2, "4.20 s")]
    [InlineData(42, "42.0 s")]
    [InlineData(200, "3 min")]
    [InlineData(5000, "1 h 23 min")]
    [InlineData(200_000, "2 d 7 h")]
    public void Time_HasAsManyDigitsAsMatter(double seconds, string expected) => Assert.Equal(expected, Amount.Time(TimeSpan.FromSeconds(seconds)));
}
