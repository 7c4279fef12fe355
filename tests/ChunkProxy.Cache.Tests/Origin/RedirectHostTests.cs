using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class RedirectHostTests
{
    [Theory]
    [InlineData("mirror.test", "http://mirror.test/", true)]
    [InlineData("mirror.test", "https://MIRROR.test/", true)]
    [InlineData("mirror.test", "http://mirror.test:8080/", false)]
    [InlineData("mirror.test:8080", "http://mirror.test:8080/", true)]
    [InlineData("mirror.test:8080", "http://mirror.test/", false)]
    [InlineData("*.cdn.test", "http://eu.cdn.test/", true)]
    [InlineData("*.cdn.test", "http://cdn.test/", false)]
    [InlineData("*.cdn.test:8443", "https://eu.cdn.test:8443/", true)]
    [InlineData("*.cdn.test:8443", "https://eu.cdn.test/", false)]
    [InlineData("[::1]", "http://[0:0::1]/", true)]
    [InlineData("[0:0::1]:8080", "http://[::1]:8080/", true)]
    [InlineData("10.0.0.7", "http://10.0.0.7/", true)]
    [InlineData("a_b.test", "http://a_b.test/", true)]
    [InlineData("bücher.test", "http://xn--bcher-kva.test/", true)]
    [InlineData("*.bücher.test", "http://a.bücher.test/", true)]
    public void Names_Url_IsThatOfTheHost(string host, string url, bool expected) => Assert.Equal(expected, RedirectHost.Parse(host).Names(new Uri(url)));

    [Theory]
    [InlineData("http://mirror.test")]
    [InlineData("mirror.test/")]
    [InlineData("mirror.test?")]
    [InlineData("mirror.test?a")]
    [InlineData("mirror.test#a")]
    [InlineData("user@mirror.test")]
    [InlineData("mirror.test:")]
    [InlineData("mirror.test:http")]
    [InlineData("mirror.test:65536")]
    [InlineData(":8080")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("a.*.test")]
    [InlineData("::1")]
    [InlineData("mirror.test:0")]
    [InlineData("*. cdn.test")]
    [InlineData("*.[::1]")]
    [InlineData("*.10.0.0.7")]
    [InlineData("üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü.test")]
    public void Validate_NoHost_IsRefused(string host)
    {
        var result = new OriginOptionsValidator().Validate(null, new OriginOptions { RedirectHosts = $"mirror.test,{host}" });

        Assert.Contains($"'{host}' is not {RedirectHost.Expected}", result.FailureMessage, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => RedirectHost.Parse(host));
    }
}
