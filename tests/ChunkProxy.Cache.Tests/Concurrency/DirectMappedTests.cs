using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class DirectMappedTests
{
    private readonly DirectMapped<string, string> _cache = new();

    [Fact]
    public void Find_KeptKey_GivesItsValue()
    {
        _cache.Keep("a", "1");

        Assert.Equal("1", _cache.Find("a"));
        Assert.Null(_cache.Find("b"));
    }

    [Fact]
    public void Keep_SameKeyAgain_Replaces()
    {
        _cache.Keep("a", "1");
        _cache.Keep("a", "2");

        Assert.Equal("2", _cache.Find("a"));
    }

    [Fact]
    public void Keep_MoreThanThereIsRoomFor_GivesNoKeyTheValueOfAnother()
    {
        var keys = Enumerable.Range(0, 5000).Select(i => $"key {i}").ToArray();

        Assert.All(keys, key => _cache.Keep(key, key));

        Assert.All(keys, key => Assert.True(_cache.Find(key) is null || _cache.Find(key) == key));
        Assert.InRange(keys.Count(key => _cache.Find(key) is not null), 500, 1024);
    }
}
