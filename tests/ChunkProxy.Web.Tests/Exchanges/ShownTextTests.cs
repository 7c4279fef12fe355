using ChunkProxy.Web.Exchanges;

namespace ChunkProxy.Web.Tests.Exchanges;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("/film.mp4", "/film.mp4")]
    [InlineData("/film.mp4?token=secret", "/film.mp4?…#061e59")]
    [InlineData("/a/long/way/to/the/film.mp4", "/a/lon…the/film.mp4")]
    [InlineData("/a/long/way/to/the/film.mp4?x", "/a/…lm.mp4?…#39e534")]
    [InlineData("http://u:p@h/a?x", "http://u:***@h/a?…")]
    public void PathOf_Target_KeepsItsStartAndMoreOfItsEnd(string target, string shown)
    {
        Assert.Equal(shown, ShownText.PathOf(target, 19));
        Assert.InRange(ShownText.PathOf(target, 19).Length, 1, 19);
    }

    [Theory]
    [InlineData("bytes=0-99", "bytes=0-99")]
    [InlineData("bytes=\u001b[31m0\u007f", "bytes=?[31m0?")]
    [InlineData("12345678901234567890", "123456…901234567890")]
    public void Shorten_Text_HasNoControlCharacters(string text, string shown) => Assert.Equal(shown, ShownText.Shorten(text, 19));
}
