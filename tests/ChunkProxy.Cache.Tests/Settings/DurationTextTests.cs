using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("1ms", 1)]
    [InlineData("1.5s", 1_500)]
    [InlineData(" 5 s ", 5_000)]
    [InlineData("10m", 600_000)]
    [InlineData("10 min", 600_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("00:00:05", 5_000)]
    [InlineData("00:00:00.1", 100)]
    [InlineData("1.00:00:00", 86_400_000)]
    [InlineData("-00:00:01", -1_000)]
    [InlineData("1000000d", 86_400_000_000_000)]
    public void TryRead_Time_IsRead(string text, long milliseconds)
    {
        Assert.True(DurationText.TryRead(text, out var duration));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")] // five days to TimeSpan.Parse
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5S")]
    [InlineData("5M")]
    [InlineData("1,5s")]
    [InlineData("1h30m")]
    [InlineData("1000001d")]
    [InlineData("1000001.00:00:00")]
    [InlineData("99999999999999999999999999999999d")]
    [InlineData("00:61:00")]
    [InlineData("soon")]
    public void TryRead_OtherText_IsRefused(string text) => Assert.False(DurationText.TryRead(text, out _));
}
