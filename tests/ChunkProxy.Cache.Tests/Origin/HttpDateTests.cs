using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class HttpDateTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 1994)]
    [InlineData("Sunday, 06-Nov-94 08:49:37 GMT", 1994)]
    [InlineData("Sun Nov  6 08:49:37 1994", 1994)]
    [InlineData("Friday, 06-Nov-76 08:49:37 GMT", 2076)] // 50 years ahead counts as the future
    [InlineData("Saturday, 06-Nov-77 08:49:37 GMT", 1977)] // 51 years ahead: the past century
    [InlineData("Friday, 06-Nov-26 08:49:37 GMT", 2026)]
    public void TryParse_AnyOfThreeFormats_GivesTheDate(string text, int year)
    {
        Assert.True(HttpDate.TryParse(text, Now, out var date));
        Assert.Equal(new DateTimeOffset(year, 11, 6, 8, 49, 37, TimeSpan.Zero), date);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("now")]
    [InlineData("1994-11-06T08:49:37Z")]
    [InlineData("Sun, 06 Nov 1994 08:49:37")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 UTC")]
    [InlineData("Sun, 6 Nov 1994 08:49:37 GMT")]
    [InlineData("Sun, 31 Nov 1994 08:49:37 GMT")]
    [InlineData("Someday, 06-Nov-94 08:49:37 GMT")]
    [InlineData("Sunday, 29-Feb-00 08:49:37 GMT, more")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT")]
    public void TryParse_AnythingElse_IsNoDate(string? text) => Assert.False(HttpDate.TryParse(text, Now, out _));

    [Fact]
    public void Format_LocalTime_IsImfFixdateInGmt() =>
        Assert.Equal("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.Format(new DateTimeOffset(1994, 11, 6, 10, 49, 37, TimeSpan.FromHours(2))));
}
