using ChunkProxy.Web.Http.Access;

namespace ChunkProxy.Web.Tests.Http.Access;

public sealed class UrlSignatureTests
{
    private const long Expires = 1_800_000_000;

    private static readonly UrlKeys Keys = UrlKeys.Parse("the first key of the site\nthe second key of the site\n");
    private static readonly DateTimeOffset Before = DateTimeOffset.FromUnixTimeSeconds(Expires - 1);

    // Made with: printf 'chunkproxy-url-1\npath\n/films/a.mp4\n1800000000' | openssl dgst -sha256 -hmac 'the first key of the site' -binary | basenc --base64url
    [Fact]
    public void Sign_APath_IsTheDocumentedMac() =>
        Assert.Equal($"cp-expires=1800000000&cp-signature=LEILX9aeebxf0ZBpUvv0JWYExnRfw8mQu1N9NUQdjic", UrlSignature.Sign(Keys, "/films/a.mp4", isPrefix: false, Expires));

    [Fact]
    public void Judge_PathThatWasSigned_IsAdmittedUntilItExpires()
    {
        var query = UrlSignature.Sign(Keys, "/films/a.mp4", isPrefix: false, Expires);

        Assert.Equal(AccessVerdict.Admitted, Judge("/films/a.mp4", query, Before));
        Assert.Equal(AccessVerdict.Admitted, Judge("/films/a.mp4", "CMCD=bl%3D1&" + query, Before));
        Assert.Equal(AccessVerdict.Expired, Judge("/films/a.mp4", query, Before.AddSeconds(1)));
        Assert.Equal(AccessVerdict.WrongSignature, Judge("/films/b.mp4", query, Before));
        Assert.Equal(AccessVerdict.WrongSignature, Judge("/films/a.mp4", query.Replace("1800000000", "1800000001", StringComparison.Ordinal), Before));
    }

    [Theory]
    [InlineData("/films/orbit/master.m3u8", AccessVerdict.Admitted)]
    [InlineData("/films/orbit/720/1.ts", AccessVerdict.Admitted)]
    [InlineData("/films/orbit", AccessVerdict.OtherPath)]
    [InlineData("/films/orbit2/1.ts", AccessVerdict.OtherPath)]
    [InlineData("/Films/orbit/1.ts", AccessVerdict.OtherPath)]
    public void Judge_Prefix_IsForAllPathsBelow(string path, object expected) =>
        Assert.Equal((AccessVerdict)expected, Judge(path, UrlSignature.Sign(Keys, "/films/orbit/", isPrefix: true, Expires), Before));

    [Fact]
    public void Judge_PrefixWithEncodedCharacters_IsInNormalForm() =>
        Assert.Equal(AccessVerdict.Admitted, Judge("/a%20b/1.ts", UrlSignature.Sign(Keys, "/a%20b/", isPrefix: true, Expires), Before));

    [Fact]
    public void Judge_PrefixIsTakenForAPath_IsRefused()
    {
        var query = UrlSignature.Sign(Keys, "/films/", isPrefix: true, Expires);

        Assert.Equal(AccessVerdict.WrongSignature, Judge("/films/", query.Replace("&cp-prefix=%2Ffilms%2F", "", StringComparison.Ordinal), Before));
        Assert.Equal(AccessVerdict.WrongSignature, Judge("/other/1.ts", query.Replace("%2Ffilms%2F", "%2F", StringComparison.Ordinal), Before));
    }

    [Fact]
    public void Judge_AnyKeyOfTheFile_IsAccepted()
    {
        var old = UrlKeys.Parse("the second key of the site");
        var other = UrlKeys.Parse("a key of another site");

        Assert.Equal(AccessVerdict.Admitted, Judge("/a", UrlSignature.Sign(old, "/a", isPrefix: false, Expires), Before));
        Assert.Equal(AccessVerdict.WrongSignature, Judge("/a", UrlSignature.Sign(other, "/a", isPrefix: false, Expires), Before));
    }

    [Theory]
    [InlineData("cp-signature=x")]
    [InlineData("cp-expires=1800000000")]
    [InlineData("cp-prefix=%2F")]
    [InlineData("cp-expires=-1&cp-signature=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("cp-expires=1800000000&cp-signature=AAAA")]
    [InlineData("cp-expires=1800000000&cp-signature=!!!!AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("cp-expires=1800000000&cp-expires=1800000000&cp-signature=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("cp-expires=1800000000&cp-prefix=films&cp-signature=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("cp-expires=1800000000&cp-prefix=%2Ffilms&cp-signature=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("cp-expires=99999999999999&cp-signature=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Judge_IncompleteOrRepeatedParameters_AreMalformed(string query) => Assert.Equal(AccessVerdict.MalformedSignature, Judge("/a", query, Before));

    [Theory]
    [InlineData("/a")]
    [InlineData("/a?b=cp-signature")]
    [InlineData("/a?cp-signatures=1")]
    public void Read_NoSignature_IsNull(string target)
    {
        Assert.Null(UrlSignature.Read(target));
        Assert.Equal(target, UrlSignature.RemoveFrom(target));
    }

    [Fact]
    public void RemoveFrom_SignedTarget_LeavesTheRest() => Assert.Equal("/a?v=1", UrlSignature.RemoveFrom("/a?cp-expires=1&v=1&cp-prefix=%2F&cp-signature=x"));

    [Theory]
    [InlineData("")]
    [InlineData("too short")]
    [InlineData("a key that is long enough\nshort")]
    public void Parse_KeysThatAreNoKeys_AreRefusedWithoutTheirText(string text) =>
        Assert.DoesNotContain("short\n", Assert.Throws<FormatException>(() => UrlKeys.Parse(text)).Message, StringComparison.Ordinal);

    private static AccessVerdict Judge(string path, string query, DateTimeOffset now) => UrlSignature.Read($"{path}?{query}")!.Judge(Keys, path, now);
}
