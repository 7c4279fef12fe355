using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tests.Membership;

public sealed class SharedSettingsTests
{
    private readonly SharedSettings _own = Of(new CacheOptions { Url = new Uri("http://a.example/") });

    [Fact]
    public void Difference_EqualOrUnknown_IsNone()
    {
        var equal = Of(new CacheOptions { Url = new Uri("http://a.example"), Dir = "/elsewhere", MemoryBudget = ByteSize.MiB(64) });

        Assert.Null(_own.DifferenceTo(equal.Values));
        Assert.Null(_own.DifferenceTo(null));
        Assert.Null(_own.DifferenceTo(new Dictionary<string, string> { ["a setting of a later version"] = "1", ["pool protocol"] = "1" }));
        Assert.Equal(_own.Digest, equal.Digest);
    }

    [Fact]
    public void Difference_OtherOriginAndChunkSize_NamesBothAndTheFlags()
    {
        var other = Of(new CacheOptions { Url = new Uri("http://b.example/"), ChunkSize = ByteSize.MiB(2) });

        Assert.Equal(
            "chunk size (-size-c) is 2MiB there and 1MiB here; origin (-url, or OriginName) is http://b.example there and http://a.example here",
            _own.DifferenceTo(other.Values));
        Assert.NotEqual(_own.Digest, other.Digest);
    }

    [Fact]
    public void Difference_OtherVersionOfTheProtocol_IsNamed()
    {
        var cache = new CacheOptions { Url = new Uri("http://a.example/") };
        var next = new SharedSettings(Options.Create(cache), new SiteTable([SiteOf("", cache.OriginKey!)])) { ProtocolVersion = 2 };

        Assert.False(_own.AgreeWith(next.Digest));
        Assert.Equal("pool protocol is 2 there and 1 here", _own.DifferenceTo(next.Values));
        Assert.Equal("pool protocol is older there and 1 here", _own.DifferenceTo(new Dictionary<string, string>()));
        var (one, other) = (OfNamed(("a", "http://a.example")), OfNamed(2, ("a", "http://a.example")));
        Assert.False(one.AgreeWith(other.Digest));
    }

    [Fact]
    public void Difference_SameNameOfTheOrigin_IsNone()
    {
        var (one, two) = (
            Of(new CacheOptions { Url = new Uri("http://a.example/"), OriginName = "films" }), Of(new CacheOptions { Url = new Uri("http://b.example/"), OriginName = "films" }));

        Assert.Null(one.DifferenceTo(two.Values));
    }

    [Fact]
    public void Difference_OtherCacheKey_IsNamed()
    {
        var cache = new CacheOptions { Url = new Uri("http://a.example/") };
        var (one, two) = (Of(cache), Of(cache, new CacheKeyOptions { Ignore = "token" }));

        Assert.NotEqual(one.Digest, two.Digest);
        Assert.Equal("cache key (CacheKey) is all but token there and whole query here", one.DifferenceTo(two.Values));
    }

    [Fact]
    public void Agree_OneHasAnOriginMore_DoesAndDoesNotIfOneThatBothHaveDiffers()
    {
        var (few, many, other, renamed) = (OfNamed(("a", "http://a.example")), OfNamed(("a", "http://a.example"), ("b", "http://b.example")), OfNamed(("a", "http://c.example")), OfNamed(("c", "http://a.example")));

        Assert.True(few.AgreeWith(many.Digest));
        Assert.True(many.AgreeWith(few.Digest));
        Assert.True(few.AgreeWith(renamed.Digest));
        Assert.Null(few.DifferenceTo(many.Values));
        Assert.False(few.AgreeWith(other.Digest));
        Assert.Equal("origin (-url, or OriginName) of a is http://c.example there and http://a.example here", few.DifferenceTo(other.Values));
        Assert.False(few.AgreeWith(_own.Digest));
        Assert.False(_own.AgreeWith(few.Digest));
        Assert.False(few.AgreeWith(""));
        Assert.True(few.AgreeWith(few.Digest + ",,x"));
    }

    [Fact]
    public void Values_SitesAreReplaced_AreThoseOfTheNewOnes()
    {
        var sites = new SiteTable([SiteOf("a", "http://a.example")]);
        var settings = new SharedSettings(Options.Create(new CacheOptions()), sites);
        var before = settings.Digest;

        sites.Replace([SiteOf("a", "http://b.example")]);

        Assert.False(settings.AgreeWith(before));
        Assert.Equal("http://b.example", settings.Values["origin (-url, or OriginName) of a"]);
    }

    private static SiteRules SiteOf(string name, string url) => new(url, new CacheKeyRules(new CacheKeyOptions()), new FreshnessRules(new FreshnessOptions()), name);

    private static SharedSettings OfNamed(params (string Name, string Url)[] origins) => OfNamed(1, origins);

    private static SharedSettings OfNamed(int protocol, params (string Name, string Url)[] origins) =>
        new(Options.Create(new CacheOptions()), new SiteTable([.. origins.Select(static it => SiteOf(it.Name, it.Url))])) { ProtocolVersion = protocol };

    private static SharedSettings Of(CacheOptions options, CacheKeyOptions? key = null) =>
        new(Options.Create(options), new SiteTable([new SiteRules(options.OriginKey, new CacheKeyRules(key ?? new CacheKeyOptions()), new FreshnessRules(new FreshnessOptions()))]));
}
