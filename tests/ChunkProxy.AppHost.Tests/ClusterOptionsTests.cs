using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.Tests;

public sealed class ClusterOptionsTests
{
    [Fact]
    public void From_NothingConfigured_StartsTheSampleOriginWithoutRedis()
    {
        var options = From();

        Assert.Null(options.OriginUrl);
        Assert.False(options.RedisEnabled);
        Assert.Equal(8080, options.WebPort);
    }

    [Fact]
    public void From_CommandLine_SetsEveryPart()
    {
        var options = From(
            ("Cluster:Nodes", "5"), ("Redis:Enabled", "true"), ("Origin:Url", "http://origin.example/videos/"), ("Web:Port", "9000"),
            ("Sizes:Chunk", "64KiB"), ("Sizes:Memory", "32MiB"), ("Sizes:Disk", "2GiB"));

        Assert.Equal(["cache-1", "cache-2", "cache-3", "cache-4", "cache-5"], options.CacheNames);
        Assert.True(options.RedisEnabled);
        Assert.Equal("http://origin.example/videos/", options.OriginUrl!.AbsoluteUri);
        Assert.Equal(9000, options.WebPort);
        Assert.Contains(new(Setting.ChunkSize, "64KiB"), options.SharedSettings);
        Assert.Contains(new(Setting.MemorySize, "32MiB"), options.SharedSettings);
        Assert.Equal("2GiB", options.DiskSize);
    }

    [Theory]
    [InlineData("Cluster:Nodes", "-1")]
    [InlineData("Cluster:Nodes", "65")]
    [InlineData("Cluster:Nodes", "three")]
    [InlineData("Web:Port", "65536")]
    [InlineData("Servers:From", "elsewhere")]
    [InlineData("Origin:Url", "videos/")]
    [InlineData("Origin:Url", "ftp://origin.example/")]
    [InlineData("Sizes:Chunk", "1 page")]
    [InlineData("Sizes:Memory", "lots")]
    [InlineData("Sizes:Disk", "-1GiB")]
    public void From_WrongValue_NamesItsKey(string key, string value)
    {
        Assert.False(ClusterOptions.TryRead(ConfigurationOf((key, value)), out _, out var problem));

        Assert.Contains(key, problem, StringComparison.Ordinal);
    }

    private static ClusterOptions From(params (string Key, string Value)[] settings)
    {
        Assert.True(ClusterOptions.TryRead(ConfigurationOf(settings), out var options, out var problem), problem);
        return options;
    }

    private static IConfiguration ConfigurationOf(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
