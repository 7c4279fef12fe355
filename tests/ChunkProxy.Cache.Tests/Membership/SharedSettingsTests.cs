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
        Assert.Null(_own.DifferenceTo(new Dictionary<string, string> { ["a setting of a later version"] = "1" }));
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

    private static SharedSettings Of(CacheOptions options, CacheKeyOptions? key = null) =>
        new(Options.Create(options), new SiteTable([new SiteRules(options.OriginKey, new CacheKeyRules(key ?? new CacheKeyOptions()), FreshnessRules.Origins)]));
}
