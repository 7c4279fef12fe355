using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Tests.Settings;

public sealed class AllowedOriginTests
{
    [Theory]
    [InlineData("https://site.test", "https://site.test", true)]
    [InlineData("https://site.test", "https://site.test:8443", false)]
    [InlineData("https://site.test", "http://site.test", false)]
    [InlineData("https://site.test", "https://site.test.evil.test", false)]
    [InlineData("https://site.test", "https://www.site.test", false)]
    [InlineData("https://site.test", "null", false)]
    [InlineData("HTTPS://Site.Test:443", "https://site.test", true)]
    [InlineData("http://localhost:3000", "http://localhost:3000", true)]
    [InlineData("http://[::1]:3000", "http://[::1]:3000", true)]
    [InlineData("https://bücher.test", "https://xn--bcher-kva.test", true)]
    [InlineData("https://*.site.test", "https://www.site.test", true)]
    [InlineData("https://*.site.test", "https://a.b.site.test", true)]
    [InlineData("https://*.site.test", "https://site.test", false)]
    [InlineData("https://*.site.test", "https://.site.test", false)]
    [InlineData("https://*.site.test", "https://evilsite.test", false)]
    [InlineData("https://*.site.test", "https://evil.test/.site.test", false)]
    [InlineData("https://*.site.test", "https://evil.test:1.site.test", false)]
    [InlineData("https://*.site.test:8443", "https://www.site.test:8443", true)]
    [InlineData("https://*.site.test:8443", "https://www.site.test", false)]
    public void Matches_OriginOfARequest_OnlyIfItIsTheSame(string configured, string sent, bool matches)
    {
        Assert.True(AllowedOrigin.TryParse(configured, out var origin));

        Assert.Equal(matches, origin.Matches(sent));
    }

    [Theory]
    [InlineData("site.test")]
    [InlineData("https://")]
    [InlineData("https://site.test/")]
    [InlineData("https://site.test/path")]
    [InlineData("https://site.test?a")]
    [InlineData("https://user@site.test")]
    [InlineData("ftp://site.test")]
    [InlineData("null")]
    [InlineData("https://*")]
    [InlineData("https://*.*.site.test")]
    [InlineData("https://www.*.test")]
    [InlineData("https://*.127.0.0.1")]
    public void TryParse_NotAnOrigin_IsRejected(string text) => Assert.False(AllowedOrigin.TryParse(text, out _));
}
