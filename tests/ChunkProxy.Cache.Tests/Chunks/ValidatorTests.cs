using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tests.Chunks;

public sealed class ValidatorTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_StrongETag_IsTheETagAlone() =>
        Assert.Equal(Validator.Of("\"a\"", Monday, 5), Validator.Of("\"a\"", Monday.AddDays(1), 6));

    [Theory]
    [InlineData(null)]
    [InlineData("W/\"a\"")]
    [InlineData("unquoted")]
    public void Of_NoStrongETag_TellsSizesAndDatesApart(string? etag)
    {
        var one = Validator.Of(etag, Monday, 5);
        Assert.Equal(one, Validator.Of(etag, Monday, 5));
        Assert.NotEqual(one, Validator.Of(etag, Monday, 6));
        Assert.NotEqual(one, Validator.Of(etag, Monday.AddSeconds(1), 5));
        Assert.NotEqual(one, Validator.Of("W/\"b\"", Monday, 5));
    }

    [Fact]
    public void Of_NoValidatorAtAll_TellsResponsesApart()
    {
        Assert.NotEqual(Validator.Of(null, null, 5, opening: 1), Validator.Of(null, null, 5, opening: 2));
        Assert.Equal(Validator.Of(null, Monday, 5, opening: 1), Validator.Of(null, Monday, 5, opening: 2));
    }

    [Theory]
    [InlineData("\"\"", true)]
    [InlineData("\"x\"", true)]
    [InlineData("\"", false)]
    [InlineData("W/\"x\"", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsStrong_ByTheGrammar(string? etag, bool strong) => Assert.Equal(strong, Validator.IsStrong(etag));
}
