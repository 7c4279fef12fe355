using System.Net;
using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class RedirectRulesTests
{
    private static readonly Uri Asked = new("http://origin.test/films/a");

    [Theory]
    [InlineData("/films/b", "http://origin.test/films/b")]
    [InlineData("b?c=d", "http://origin.test/films/b?c=d")]
    [InlineData("http://origin.test/b", "http://origin.test/b")]
    [InlineData("http://ORIGIN.test:80/b", "http://origin.test/b")]
    [InlineData("http://mirror.test/b", "http://mirror.test/b")]
    [InlineData("https://mirror.test/b", "https://mirror.test/b")]
    [InlineData("http://mirror.test:8080/b", null)] // another port than the scheme's
    [InlineData("http://node.test:8080/b", "http://node.test:8080/b")]
    [InlineData("http://node.test/b", null)]
    [InlineData("http://eu.cdn.test/b", "http://eu.cdn.test/b")]
    [InlineData("http://cdn.test/b", null)]
    [InlineData("http://evilcdn.test/b", null)]
    [InlineData("http://origin.test:8080/b", null)]
    [InlineData("https://origin.test/b", null)]
    [InlineData("http://elsewhere.test/b", null)]
    [InlineData("http://127.0.0.1/b", null)]
    [InlineData("http://user@mirror.test/b", null)]
    [InlineData("ftp://origin.test/b", null)]
    [InlineData("http://[", null)]
    public void Next_Location_IsFollowedWithinTheRules(string location, string? expected)
    {
        var rules = new RedirectRules(new Uri("http://origin.test/films/"), new OriginOptions { RedirectHosts = "mirror.test, node.test:8080, *.cdn.test" });
        Assert.Equal(expected, rules.Next(Asked, Redirect(302, location))?.ToString());
    }

    [Theory]
    [InlineData(301, true)]
    [InlineData(302, true)]
    [InlineData(303, true)]
    [InlineData(307, true)]
    [InlineData(308, true)]
    [InlineData(300, false)]
    [InlineData(304, false)]
    [InlineData(200, false)]
    public void Next_Status_IsFollowedOrNot(int status, bool isFollowed) =>
        Assert.Equal(isFollowed, new RedirectRules(Asked, new OriginOptions()).Next(Asked, Redirect(status, "/b")) is not null);

    [Fact]
    public void Next_RedirectsArePassed_IsNone()
    {
        Assert.Null(new RedirectRules(Asked, new OriginOptions { Redirects = RedirectHandling.Pass }).Next(Asked, Redirect(302, "/b")));
        Assert.Null(new RedirectRules(Asked, new OriginOptions { MaxRedirects = 0 }).Next(Asked, Redirect(302, "/b")));
    }

    [Fact]
    public void Next_OriginSpeaksTls_NeverLeadsToPlainHttp()
    {
        var rules = new RedirectRules(new Uri("https://origin.test/"), new OriginOptions { RedirectHosts = "mirror.test" });
        Assert.Null(rules.Next(new Uri("https://origin.test/a"), Redirect(302, "http://mirror.test/a")));
        Assert.NotNull(rules.Next(new Uri("https://origin.test/a"), Redirect(302, "https://mirror.test/a")));
    }

    private static HttpResponseMessage Redirect(int status, string location)
    {
        var response = new HttpResponseMessage((HttpStatusCode)status);
        response.Headers.TryAddWithoutValidation("Location", location);
        return response;
    }
}
