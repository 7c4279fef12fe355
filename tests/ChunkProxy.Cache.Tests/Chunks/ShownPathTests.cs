using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tests.Chunks;

public sealed class ShownPathTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a/b.mp4", "/a/b.mp4")]
    [InlineData("/a/b.mp4?sig=1", "/a/b.mp4?…#53a9ed")]
    [InlineData("/a/b.mp4?sig=2", "/a/b.mp4?…#78412d")]
    [InlineData("/other?sig=1", "/other?…#53a9ed")]
    [InlineData("/a?b?c", "/a?…#5bb132")]
    [InlineData("/a#b?c", "/a?…#dbc6b0")]
    public void Of_Target_IsThePathAndAHashOfTheQuery(string target, string shown)
    {
        Assert.Equal(shown, ShownPath.Of(target));
        Assert.Equal(target != shown, ShownPath.IsShown(shown));
        Assert.Equal(shown, new ObjectId(target).ToString());
    }

    [Theory]
    [InlineData("/a?b")]
    [InlineData("/a?…#")]
    [InlineData("?…#cbf59d")]
    [InlineData("")]
    public void IsShown_AnythingElse_IsNot(string text) => Assert.False(ShownPath.IsShown(text));
}
