using ChunkProxy.Web.Cli.Playlists;

namespace ChunkProxy.Web.Tests.Cli.Playlists;

public sealed class UriReferenceTests
{
    // RFC 3986 §5.4.1 and §5.4.2, without the fragments, and with the references that playlists have.
    [Theory]
    [InlineData("g", "http://a/b/c/g")]
    [InlineData("./g", "http://a/b/c/g")]
    [InlineData("g/", "http://a/b/c/g/")]
    [InlineData("/g", "http://a/g")]
    [InlineData("//g", "http://g/")]
    [InlineData("?y", "http://a/b/c/d;p?y")]
    [InlineData("g?y", "http://a/b/c/g?y")]
    [InlineData("#s", "http://a/b/c/d;p?q")]
    [InlineData("g#s", "http://a/b/c/g")]
    [InlineData(";x", "http://a/b/c/;x")]
    [InlineData("", "http://a/b/c/d;p?q")]
    [InlineData(".", "http://a/b/c/")]
    [InlineData("..", "http://a/b/")]
    [InlineData("../g", "http://a/b/g")]
    [InlineData("../..", "http://a/")]
    [InlineData("../../../g", "http://a/g")]
    [InlineData("/./g", "http://a/g")]
    [InlineData("g;x=1/../y", "http://a/b/c/y")]
    [InlineData("g?y/../x", "http://a/b/c/g?y/../x")]
    [InlineData(" seg 1.ts ", "http://a/b/c/seg%201.ts")]
    [InlineData("ä.ts", "http://a/b/c/%C3%A4.ts")]
    [InlineData("a%2Fb.ts", "http://a/b/c/a%2Fb.ts")]
    [InlineData("1:2.ts", "http://a/b/c/1:2.ts")]
    [InlineData("https://h/x", "https://h/x")]
    [InlineData("skd://key", "skd://key/")]
    [InlineData("data:text/plain,x", "data:text/plain,x")]
    [InlineData("file:///etc/passwd", "file:///etc/passwd")]
    [InlineData("http://[", null)]
    public void Resolve_Reference_IsThatOfTheRfc(string reference, string? expected) =>
        Assert.Equal(expected, UriReference.Resolve(new Uri("http://a/b/c/d;p?q"), reference)?.AbsoluteUri);
}
