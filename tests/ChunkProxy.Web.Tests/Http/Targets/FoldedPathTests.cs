using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Tests.Http.Targets;

public sealed class FoldedPathTests
{
    [Theory]
    [InlineData("/a/b", "/a/b")]
    [InlineData("/a/b?c=%2F;//", "/a/b?c=%2F;//")]
    [InlineData("/a%2Fb", "/a/b")]
    [InlineData("/a//b///c", "/a/b/c")]
    [InlineData("/a;x/b;y=z", "/a/b")]
    [InlineData("/a%25252Fb", "/a/b")]
    [InlineData("/a%20b", "/a b")]
    [InlineData("/a%2F", "/a/")]
    [InlineData("/a//", "/a/")]
    [InlineData("/;x", "/")]
    [InlineData("/a/;x/b?q", "/a/b")]
    public void Of_Path_IsWhatALenientServerReads(string path, string folded) => Assert.Equal(folded, FoldedPath.Of(path));
}
