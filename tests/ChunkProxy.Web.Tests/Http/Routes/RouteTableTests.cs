using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Http.Targets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Http.Routes;

/// <summary>Which route and object a host and a target lead to.</summary>
public sealed class RouteTableTests
{
    private static readonly (string Key, string Value)[] Site =
    [
        ("Origins:media:Url", "http://media.example/base/"),
        ("Origins:private:Url", "http://private.example/"),
        ("Routes:films:Hosts", "films.example, films.test"),
        ("Routes:films:Origin", "media"),
        ("Routes:vip:Hosts", "films.example"),
        ("Routes:vip:Path", "/vip/"),
        ("Routes:vip:OriginPath", "/"),
        ("Routes:vip:Origin", "private"),
        ("Routes:below:Hosts", "*.films.example"),
        ("Routes:below:Path", "/all"),
        ("Routes:below:OriginPath", "/public"),
        ("Routes:below:Origin", "Media"),
        ("Routes:deep:Hosts", "*.deep.films.example"),
        ("Routes:deep:Origin", "private"),
        ("Routes:any:Path", "/status/"),
        ("Routes:any:Origin", "private"),
    ];

    [Theory]
    [InlineData("films.example", "/a.mp4", "films", "media:/a.mp4")]
    [InlineData("FILMS.Example:8080", "/a.mp4?v=1", "films", "media:/a.mp4?v=1")]
    [InlineData("films.test", "/vip/a.mp4", "films", "media:/vip/a.mp4")]
    [InlineData("films.example.", "/a.mp4", "films", "media:/a.mp4")]
    [InlineData("films.example", "/vip/a.mp4", "vip", "private:/a.mp4")]
    [InlineData("films.example", "/%76ip/a.mp4", "vip", "private:/a.mp4")] // the normal form counts
    [InlineData("films.example", "/vip/", "vip", "private:/")]
    [InlineData("films.example", "/vip/?a=/b", "vip", "private:/?a=/b")]
    [InlineData("films.example", "/vip", "films", "media:/vip")]
    [InlineData("films.example", "/vip2/a.mp4", "films", "media:/vip2/a.mp4")]
    [InlineData("films.example", "/VIP/a.mp4", "films", "media:/VIP/a.mp4")]
    [InlineData("a.films.example", "/all", "below", "media:/public")]
    [InlineData("a.films.example", "/all?x", "below", "media:/public?x")]
    [InlineData("a.films.example", "/all/b.mp4", "below", "media:/public/b.mp4")]
    [InlineData("a.films.example", "/allb.mp4", null, null)]
    [InlineData("a.b.films.example", "/all/b.mp4", "below", "media:/public/b.mp4")]
    [InlineData("a.deep.films.example", "/x", "deep", "private:/x")]
    [InlineData("a.deep.films.example", "/all/b.mp4", "deep", "private:/all/b.mp4")] // the more precise host comes before the longer path
    [InlineData("deep.films.example", "/x", null, null)]
    [InlineData("xfilms.example", "/a.mp4", null, null)]
    [InlineData("other.example", "/status/a", "any", "private:/status/a")]
    [InlineData("films.example", "/status/a", "films", "media:/status/a")]
    [InlineData("a.films.example", "/status/a", "any", "private:/status/a")]
    [InlineData(null, "/status/a", "any", "private:/status/a")]
    [InlineData(null, "/a.mp4", null, null)]
    public void Read_HostAndTarget_AreThoseOfTheRoute(string? host, string target, string? route, string? text)
    {
        using var services = RouteSetup.ServicesOf(Site);
        var targets = services.TargetsOf();

        for (var i = 0; i < 2; i++) // the second from the cache of targets
        {
            var requested = targets.Read(target, host is null ? default : new HostString(host), out var verdict);

            Assert.Equal((route, text), (requested?.Route.Name, requested?.Id.Text));
            Assert.Equal(route is null ? TargetVerdict.NoRoute : TargetVerdict.Accepted, verdict);
        }
    }

    [Theory]
    [InlineData("/vip%2Fa.mp4", "AmbiguousRoute")]
    [InlineData("/vip%2fa.mp4", "AmbiguousRoute")]
    [InlineData("/x//vip/a.mp4", "Accepted")]
    [InlineData("/vip;x/a.mp4", "AmbiguousRoute")]
    [InlineData("/vip%252Fa.mp4", "AmbiguousRoute")]
    [InlineData("/vip%EF%BC%8Fa.mp4", "AmbiguousRoute")]
    [InlineData("/vip;/a.mp4?b", "AmbiguousRoute")]
    [InlineData("/vip/a%2Fb;c.mp4", "Accepted")]
    [InlineData("/vip/_chunkproxy/stats", "Reserved")]
    [InlineData("/vip//other.example/x", "EmptyFirstSegment")]
    public void Read_PathThatAnOriginMayReadInAnotherWay_IsRefusedIfAnotherRouteIsForIt(string target, string verdict)
    {
        using var services = RouteSetup.ServicesOf(Site);

        var requested = services.TargetsOf().Read(target, new HostString("films.example"), out var found);

        Assert.Equal(verdict, found.ToString());
        Assert.Equal(verdict == "Accepted", requested is not null);
    }

    [Theory]
    [InlineData("/caf%C3%A9/a.mp4", "special")]
    [InlineData("/my%20films/a.mp4?x=%20", "spaced")]
    [InlineData("/a%20b.mp4", "all")]
    [InlineData("/my%2520films/a.mp4", null)]
    [InlineData("/caf%C3%A9;x/a.mp4", null)]
    public void Read_RouteWhosePathIsEncoded_IsFound(string target, string? route)
    {
        using var services = RouteSetup.ServicesOf(
            ("Url", "http://a.example/"), ("Routes:special:Path", "/caf%C3%A9/"), ("Routes:spaced:Path", "/my%20films/"), ("Routes:all:Path", "/"));

        Assert.Equal(route, services.TargetsOf().Read(target, default(HostString), out _)?.Route.Name);
    }

    [Theory]
    [InlineData("[::1]", "[::1]:8080")]
    [InlineData("::1", "[0:0::1]")]
    [InlineData("127.0.0.1", "127.0.0.1:80")]
    [InlineData("films.example.", "films.example")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("*.Bücher.example", "a.xn--bcher-kva.example")]
    public void Read_HostInAnotherSpelling_IsTheSameHost(string hosts, string host)
    {
        using var services = RouteSetup.ServicesOf(("Url", "http://a.example/"), ("Routes:a:Hosts", hosts));

        Assert.NotNull(services.TargetsOf().Read("/film", new HostString(host), out _));
        Assert.Null(services.TargetsOf().Read("/film", new HostString("other.example"), out _));
    }

    [Fact]
    public void FindForAll_Prefix_IsOfOneRouteOrNone()
    {
        using var services = RouteSetup.ServicesOf(
            ("Origins:a:Url", "http://a.example/"), ("Origins:b:Url", "http://b.example/"), ("Routes:films:Path", "/films"), ("Routes:films:Origin", "a"), ("Routes:all:Origin", "b"));
        var routes = services.GetRequiredService<CurrentRoutes>().Table.Of(default);

        Assert.Equal(
            [null, null, "films", "films", "all"],
            new[] { "/", "/films", "/films/", "/films/x", "/other/" }.Select(prefix => routes.FindForAll(prefix)?.Name));
    }

    [Fact]
    public void Read_OneTargetAtTwoHosts_IsTwoObjects()
    {
        using var services = RouteSetup.ServicesOf(
            ("Origins:a:Url", "http://a.example/"), ("Origins:b:Url", "http://b.example/"), ("Routes:a:Hosts", "a.test"), ("Routes:a:Origin", "a"), ("Routes:b:Hosts", "b.test"), ("Routes:b:Origin", "b"));
        var targets = services.TargetsOf();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("http://a.example/film", targets.Read("/film", new HostString("a.test"), out _)!.Id.Name);
            Assert.Equal("http://b.example/film", targets.Read("/film", new HostString("b.test:99"), out _)!.Id.Name);
        }
    }

    [Fact]
    public void Read_NoRoutes_IsTheOneOriginWhateverTheHost()
    {
        using var services = RouteSetup.ServicesOf(("Url", "http://a.example/"));

        Assert.Equal("/film", services.TargetsOf().Read("/film", new HostString("whatever"), out _)!.Id.Text);
        Assert.Equal("http://a.example/film", services.TargetsOf().Read("/film", default, out _)!.Id.Name);
    }

    [Fact]
    public void Read_RoutesToTheOneOrigin_NeedNoNameOfIt()
    {
        using var services = RouteSetup.ServicesOf(("Url", "http://a.example/"), ("Routes:films:Path", "/films/"), ("Routes:films:OriginPath", "/media/films/"));

        Assert.Equal("/media/films/a.mp4", services.TargetsOf().Read("/films/a.mp4", default, out _)!.Id.Text);
        Assert.Null(services.TargetsOf().Read("/a.mp4", default, out _));
    }

    [Theory]
    [InlineData("Routes:films:Host", "a", "ChunkProxy:Routes:films:Host: is not a setting here. Did you mean Hosts?")]
    [InlineData("Routes:films:Hosts", "films.example:80", "ChunkProxy:Routes:films:Hosts: 'films.example:80' is not a host")]
    [InlineData("Routes:films:Hosts", "*films.example", "ChunkProxy:Routes:films:Hosts: '*films.example' is not a host")]
    [InlineData("Routes:films:Path", "films", "ChunkProxy:Routes:films:Path: 'films' is not the beginning of paths")]
    [InlineData("Routes:films:Path", "/films/*", "ChunkProxy:Routes:films:Path: '/films/*' is not the beginning of paths")]
    [InlineData("Routes:films:Path", "/a/../b/", "ChunkProxy:Routes:films:Path: '/a/../b/' is not the beginning of paths")]
    [InlineData("Routes:films:Path", "/_chunkproxy/x", "ChunkProxy:Routes:films:Path: '/_chunkproxy/x' is not the beginning of paths")]
    [InlineData("Routes:vip:OriginPath", "/x", "ChunkProxy:Routes:vip:OriginPath: '/x' and Path '/vip/' must both end with a slash, or neither")]
    [InlineData("Routes:films:OriginPath", "/archive", "ChunkProxy:Routes:films:OriginPath: '/archive' and Path '/' must both end with a slash, or neither")]
    [InlineData("Routes:empty", "media", "ChunkProxy:Routes:empty: has no settings")]
    [InlineData("Routes:films:Origin", "medai", "ChunkProxy:Routes:films:Origin: 'medai' is not under ChunkProxy:Origins. Did you mean media?")]
    [InlineData("Routes:films:Origin", "", "ChunkProxy:Routes:films:Origin: is missing: takes one of media, private")]
    [InlineData("Routes:films:Cors", "x y", "ChunkProxy:Routes:films:Cors: 'x y' is not")]
    [InlineData("Routes:films:Access:Allow", "x", "ChunkProxy:Routes:films:Access:Allow: 'x' is not")]
    [InlineData("Routes:again:Hosts", "FILMS.test.", "is for the same requests as the route")]
    public void Start_WrongSetting_IsNamedWithItsPath(string key, string value, string message) =>
        Assert.Contains(message, RouteSetup.FailuresOf([.. Site, ("Routes:again:Origin", "media"), (key, value)]), StringComparison.Ordinal);

    [Fact]
    public void Start_SeveralOriginsWithoutRoutes_IsRefused() =>
        Assert.Contains(
            "ChunkProxy:Routes: is missing",
            RouteSetup.FailuresOf(("Origins:a:Url", "http://a.example/"), ("Origins:b:Url", "http://b.example/")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("a.test", "/x?v", "media://a.test/x?v")]
    [InlineData("A.Test.:8080", "/x?v", "media://a.test/x?v")]
    [InlineData("one.b.test", "/x", "media://one.b.test/x")]
    [InlineData("two.b.test", "/x", "media://two.b.test/x")]
    [InlineData("[::1]:80", "/x", "media://[::1]/x")]
    [InlineData("o%20e.b.test", "/x", null)]
    [InlineData("one..b.test", "/x", null)] // no server has it, and no request can name it
    [InlineData(".b.test", "/x", null)]
    public void Read_HostIsPartOfTheKey_IsInKeyAndTarget(string host, string target, string? text)
    {
        using var services = RouteSetup.ServicesOf(
            ("Origins:media:Url", "http://media.example/"), ("Origins:media:CacheKey:Host", "true"), ("Routes:all:Hosts", "a.test, *.b.test, ::1"), ("Routes:all:Origin", "media"));
        var targets = services.TargetsOf();

        for (var i = 0; i < 2; i++) // the second from the cache of targets
        {
            var id = targets.Read(target, new HostString(host), out _)?.Id;

            Assert.Equal(text, id?.Text);
            Assert.Equal(text?["media:".Length..], id?.Target);
            targets.Read(target, new HostString("three.b.test"), out _);
        }
    }

    [Theory]
    [InlineData("/Open/A.mp4", "Accepted", "/open/a.mp4")]
    [InlineData("/vip/A.mp4", "Accepted", "/vip/a.mp4")]
    [InlineData("/VIP/A.mp4", "AmbiguousRoute", null)] // the origin takes it for the path of the other route
    [InlineData("/V%49P/a.mp4", "AmbiguousRoute", null)]
    public void Read_CaseDoesNotCount_OtherSpellingOfARouteIsRefused(string target, string verdict, string? key)
    {
        using var services = RouteSetup.ServicesOf(
            ("Url", "http://a.example/"), ("CacheKey:IgnorePathCase", "true"), ("Routes:all:Path", "/"), ("Routes:vip:Path", "/vip/"), ("Routes:vip:Access:Allow", "192.0.2.1"));

        var id = services.TargetsOf().Read(target, default(HostString), out var found)?.Id;

        Assert.Equal((verdict, key), (found.ToString(), id?.Text));
        Assert.Equal(key is null ? null : target, id?.Target);
    }

    [Fact]
    public void Start_HostIsPartOfTheKeyAndClientsChooseIt_IsRefused()
    {
        Assert.Contains("ChunkProxy:CacheKey:Host: needs routes with Hosts", RouteSetup.FailuresOf(("Url", "http://a.example/"), ("CacheKey:Host", "true")), StringComparison.Ordinal);
        Assert.Contains(
            "ChunkProxy:Routes:vip:Hosts: is missing: the host is part of the cache key",
            RouteSetup.FailuresOf([.. Site, ("Origins:private:CacheKey:Host", "true"), ("Routes:vip:Hosts", "")]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.test", true)]
    [InlineData("a.test, b.test", false)]
    [InlineData("*.a.test", false)]
    public void Start_SignedUrlsWhereTheHostIsPartOfTheKey_TakeOneHost(string hosts, bool isAccepted)
    {
        using var folder = new TemporaryFolder();
        var keys = folder.Combine("keys");
        File.WriteAllText(keys, "a-key-of-more-than-16-characters");
        using var services = RouteSetup.ServicesOf(
            ("Origins:media:Url", "http://media.example/"),
            ("Origins:media:CacheKey:Host", "true"),
            ("Routes:all:Hosts", hosts),
            ("Routes:all:Origin", "media"),
            ("Routes:all:Access:UrlKeyFile", keys));

        var error = Record.Exception(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(isAccepted, error is null);
        Assert.Equal(!isAccepted, error?.Message.Contains("Routes:all:Hosts: takes one host with UrlKeyFile", StringComparison.Ordinal) == true);
    }
}
