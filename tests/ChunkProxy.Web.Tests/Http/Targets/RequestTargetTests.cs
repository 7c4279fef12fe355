using ChunkProxy.Web.Http.Targets;
using CsCheck;

namespace ChunkProxy.Web.Tests.Http.Targets;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/film.mp4", "/film.mp4")]
    [InlineData("/a/b/", "/a/b/")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/%66ilm%2Emp4", "/film.mp4")]
    [InlineData("/%7euser", "/~user")]
    [InlineData("/a%2fb", "/a%2Fb")]
    [InlineData("/a%c3%a9", "/a%C3%A9")]
    [InlineData("/a%e9", "/a%E9")] // Latin-1 names exist
    [InlineData("/a%20b", "/a%20b")]
    [InlineData("/a|b", "/a%7Cb")]
    [InlineData("/a{1}^`", "/a%7B1%7D%5E%60")]
    [InlineData("/a!$&'()*+,;=:@b", "/a!$&'()*+,;=:@b")]
    [InlineData("/a%21", "/a%21")] // reserved characters are not equal to their encoded forms
    [InlineData("/a?x=1&y=%7e%2f", "/a?x=1&y=~%2F")]
    [InlineData("/a?", "/a?")]
    [InlineData("/a?x=../..", "/a?x=../..")]
    [InlineData("/a?x[]=1?2", "/a?x[]=1?2")]
    [InlineData("/a?x=%00", "/a?x=%00")]
    [InlineData("/...", "/...")]
    [InlineData("/.hidden", "/.hidden")]
    [InlineData("/a..b", "/a..b")]
    [InlineData("/100%25.ts", "/100%25.ts")]
    [InlineData("/100%2525.ts", "/100%2525.ts")]
    [InlineData("/a;v=1/b.ts;c", "/a;v=1/b.ts;c")]
    [InlineData("/..a;x/a..", "/..a;x/a..")]
    [InlineData("/_chunkproxyfilm", "/_chunkproxyfilm")]
    public void Parse_HonestTarget_HasOneNormalForm(string raw, string expected)
    {
        Assert.Equal(TargetVerdict.Accepted, RequestTarget.Parse(raw, 8192, out var normal));
        Assert.Equal(expected, normal);
        Assert.Equal(TargetVerdict.Accepted, RequestTarget.Parse(normal, 8192, out var again));
        Assert.Equal(normal, again);
    }

    [Theory]
    [InlineData("", nameof(TargetVerdict.NotOriginForm))]
    [InlineData("*", nameof(TargetVerdict.NotOriginForm))]
    [InlineData("film.mp4", nameof(TargetVerdict.NotOriginForm))]
    [InlineData("http://host/film", nameof(TargetVerdict.NotOriginForm))]
    [InlineData("host:80", nameof(TargetVerdict.NotOriginForm))]
    [InlineData("//host/a", nameof(TargetVerdict.EmptyFirstSegment))]
    [InlineData("///", nameof(TargetVerdict.EmptyFirstSegment))]
    [InlineData("/%2fhost", nameof(TargetVerdict.EmptyFirstSegment))]
    [InlineData("/..", nameof(TargetVerdict.DotSegment))]
    [InlineData("/.", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a/../b", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a/./b", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a/..", nameof(TargetVerdict.DotSegment))]
    [InlineData("/%2e%2E/a", nameof(TargetVerdict.DotSegment))]
    [InlineData("/.%2e/a", nameof(TargetVerdict.DotSegment))]
    [InlineData("/%2e./a", nameof(TargetVerdict.DotSegment))]
    [InlineData("/%2e", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a%2f..%2fb", nameof(TargetVerdict.DotSegment))]
    [InlineData("/..%2fa", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a/%2e%2e%2fb", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a%2f%2e%2e", nameof(TargetVerdict.DotSegment))]
    [InlineData("/..?x", nameof(TargetVerdict.DotSegment))]
    [InlineData("/..;/a", nameof(TargetVerdict.DotSegment))] // path parameters, as servlet containers cut them off
    [InlineData("/a/..;x=y/b", nameof(TargetVerdict.DotSegment))]
    [InlineData("/.;/a", nameof(TargetVerdict.DotSegment))]
    [InlineData("/..%3b/a", nameof(TargetVerdict.DotSegment))]
    [InlineData("/%2e%2e;/a", nameof(TargetVerdict.DotSegment))]
    [InlineData("/%252e%252e/a", nameof(TargetVerdict.DotSegment))] // decoded twice
    [InlineData("/%25252e%25252e/a", nameof(TargetVerdict.DotSegment))]
    [InlineData("/..%252fa", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a%252f..%252fb", nameof(TargetVerdict.DotSegment))]
    [InlineData("/a%255c..%255cb", nameof(TargetVerdict.DotSegment))]
    [InlineData("/..%20/a", nameof(TargetVerdict.DotSegment))] // Windows drops blanks at the end
    [InlineData("/%EF%BC%8E%EF%BC%8E/a", nameof(TargetVerdict.DotSegment))] // full width
    [InlineData("/..%EF%BC%8Fa", nameof(TargetVerdict.DotSegment))]
    [InlineData("/..%5ca", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/a%5Cb", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/a\\b", nameof(TargetVerdict.ForbiddenCharacter))]
    [InlineData("/a%00b", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/a%0d%0ab", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/a%1F", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/a%7f", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/%c0%ae%c0%ae/a", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/%c1%9c", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/%e0%80%ae", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/%f0%80%80%ae", nameof(TargetVerdict.ForbiddenOctet))]
    [InlineData("/a\0b", nameof(TargetVerdict.ForbiddenCharacter))]
    [InlineData("/a b", nameof(TargetVerdict.ForbiddenCharacter))]
    [InlineData("/a#b", nameof(TargetVerdict.ForbiddenCharacter))]
    [InlineData("/a\u00e9", nameof(TargetVerdict.ForbiddenCharacter))]
    [InlineData("/a%", nameof(TargetVerdict.BadPercentEncoding))]
    [InlineData("/a%2", nameof(TargetVerdict.BadPercentEncoding))]
    [InlineData("/a%g0", nameof(TargetVerdict.BadPercentEncoding))]
    [InlineData("/a%%41", nameof(TargetVerdict.BadPercentEncoding))]
    [InlineData("/a?x=%zz", nameof(TargetVerdict.BadPercentEncoding))]
    [InlineData("/_chunkproxy", nameof(TargetVerdict.Reserved))]
    [InlineData("/_chunkproxy/", nameof(TargetVerdict.Reserved))]
    [InlineData("/_chunkproxy/stats", nameof(TargetVerdict.Reserved))]
    [InlineData("/_ChunkProxy/stats", nameof(TargetVerdict.Reserved))]
    [InlineData("/%5fchunkproxy/stats", nameof(TargetVerdict.Reserved))]
    [InlineData("/_chunkproxy?x", nameof(TargetVerdict.Reserved))]
    public void Parse_HostileTarget_IsRefusedByName(string raw, string expected) =>
        Assert.Equal(expected, RequestTarget.Parse(raw, 8192, out _).ToString());

    [Fact]
    public void Parse_AtTheLimit_TakesItAndNotOneMore()
    {
        Assert.Equal(TargetVerdict.Accepted, RequestTarget.Parse("/" + new string('a', 99), 100, out _));
        Assert.Equal(TargetVerdict.TooLong, RequestTarget.Parse("/" + new string('a', 100), 100, out _));
    }

    [Fact]
    public void Parse_AnyText_GivesANormalFormWithoutDotSegmentsOrNoneAtAll() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["./%2eE5cCfF?\\a"], 0, 20].Select(text => "/" + text)).Sample(
            raw =>
            {
                if (RequestTarget.Parse(raw, 8192, out var normal) != TargetVerdict.Accepted)
                {
                    return;
                }

                var segments = Uri.UnescapeDataString(normal.Split('?')[0]).Split('/', '\\');
                Assert.DoesNotContain("..", segments);
                Assert.DoesNotContain(".", segments);
                Assert.Equal(TargetVerdict.Accepted, RequestTarget.Parse(normal, 65536, out var again));
                Assert.Equal(normal, again);
            },
            iter: 50_000);
}
