using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost.Tests;

public sealed class TopologyTests
{
    [Fact]
    public void From_NothingConfigured_StartsTheSampleOriginWithoutRedis()
    {
        var topology = From();

        Assert.Null(topology.OriginUrl);
        Assert.False(topology.RedisEnabled);
        Assert.Equal(8080, topology.WebPort);
    }

    [Fact]
    public void From_CommandLine_SetsEveryPart()
    {
        var topology = From(
            ("Cluster:Nodes", "5"), ("Redis:Enabled", "true"), ("Origin:Url", "http://origin.example/videos/"), ("Web:Port", "9000"),
            ("Sizes:Chunk", "64KiB"), ("Sizes:Memory", "32MiB"), ("Sizes:Disk", "2GiB"));

        Assert.Equal(["cache-1", "cache-2", "cache-3", "cache-4", "cache-5"], topology.CacheNames);
        Assert.True(topology.RedisEnabled);
        Assert.Equal("http://origin.example/videos/", topology.OriginUrl!.AbsoluteUri);
        Assert.Equal(9000, topology.WebPort);
        Assert.Contains(new(Setting.ChunkSize, "64KiB"), topology.SharedSettings);
        Assert.Contains(new(Setting.MemorySize, "32MiB"), topology.SharedSettings);
        Assert.Equal("2GiB", topology.DiskSize);
    }

    [Theory]
    [InlineData("Cluster:Nodes", "-1")]
    [InlineData("Cluster:Nodes", "65")]
    [InlineData("Cluster:Nodes", "three")]
    [InlineData("Web:Port", "65536")]
    [InlineData("Origin:Url", "videos/")]
    [InlineData("Origin:Url", "ftp://origin.example/")]
    [InlineData("Sizes:Chunk", "1 page")]
    [InlineData("Sizes:Memory", "lots")]
    [InlineData("Sizes:Disk", "-1GiB")]
    public void From_WrongValue_NamesItsKey(string key, string value)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => From((key, value)));

        Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    private static Topology From(params (string Key, string Value)[] settings) =>
        Topology.From(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build());
}
