using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tests.Settings;

public sealed class ShownSettingTests
{
    [Theory]
    [InlineData("http://10.0.0.9:2379", "http://10.0.0.9:2379")]
    [InlineData("http://origin.example/videos/@home/", "http://origin.example/videos/@home/")]
    [InlineData("http://root:pass@10.0.0.9:2379/x", "http://root:***@10.0.0.9:2379/x")]
    [InlineData("http://token@10.0.0.9:2379", "http://***@10.0.0.9:2379")]
    [InlineData("http://root:p@ss@10.0.0.9:2379", "http://root:***@10.0.0.9:2379")]
    [InlineData("http://root:pa/ss@10.0.0.9:x", "http://root:***@10.0.0.9:x")]
    [InlineData("root:pass@10.0.0.9", "root:***@10.0.0.9")]
    [InlineData("http://origin.example/a?key=1", "http://origin.example/a?…")]
    [InlineData("http://origin.example/a#key", "http://origin.example/a?…")]
    [InlineData("", "")]
    public void Url_WithPasswordOrQuery_IsShownWithoutThem(string url, string shown) => Assert.Equal(shown, ShownSetting.Url(url));

    [Theory]
    [InlineData("10.0.0.5:6379,ssl=true", "10.0.0.5:6379,ssl=true")]
    [InlineData("10.0.0.5:6379,password=a,b=c,ssl=true", "10.0.0.5:6379,password=***")]
    [InlineData("10.0.0.5, Password = a", "10.0.0.5, Password =***")]
    [InlineData("redis://user:pass@10.0.0.5", "redis://user:***@10.0.0.5")]
    public void Redis_WithPassword_IsShownUpToIt(string redis, string shown) => Assert.Equal(shown, ShownSetting.Redis(redis));

    [Fact]
    public void Urls_OfAList_AreEachShown() => Assert.Equal("http://a:***@b,http://c", ShownSetting.Urls("http://a:x@b,http://c"));
}
