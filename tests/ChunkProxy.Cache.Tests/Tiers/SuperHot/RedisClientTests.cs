using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

/// <summary>Where the super-hot tier finds its Redis.</summary>
public sealed class RedisClientTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string ConnectionString = "ConnectionStrings:superhot";
    private const string Setting = "ChunkProxy:Redis";
    private const string Nobody = "127.0.0.1:1,connectTimeout=100"; // the client waits for this time, though the connection is refused at once

    [Theory]
    [InlineData(ConnectionString)]
    [InlineData(Setting)]
    public async Task Resolve_GivenEitherWay_ConnectsThere(string key)
    {
        await using var services = ServicesOf((key, Somebody));

        var client = services.GetRequiredService<IConnectionMultiplexer>();

        await client.GetDatabase().PingAsync();
        Assert.NotNull(services.GetService<SuperHotTier>());
    }

    [Fact]
    public async Task Resolve_GivenBothWays_TheOwnSettingGoesFirst()
    {
        await using var services = ServicesOf((ConnectionString, Nobody), (Setting, Somebody));

        var client = services.GetRequiredService<IConnectionMultiplexer>();

        Assert.Equal(redis.Endpoint, client.GetEndPoints().Single().ToString());
        await client.GetDatabase().PingAsync();
    }

    [Theory]
    [InlineData(ConnectionString)]
    [InlineData(Setting)]
    public async Task Resolve_NobodyAnswers_ThereIsAClientAllTheSame(string key)
    {
        await using var services = ServicesOf((key, Nobody));

        var client = services.GetRequiredService<IConnectionMultiplexer>();

        Assert.False(client.IsConnected);
        Assert.Equal("chunkproxy", client.ClientName);
    }

    [Fact]
    public async Task Resolve_GivenNoWay_ThereIsNoTier()
    {
        await using var services = ServicesOf();

        Assert.Null(services.GetService<SuperHotTier>());
    }

    // A long timeout for busy machines: the client fails commands that it receives before it is connected.
    private string Somebody => redis.Endpoint + ",connectTimeout=60000";

    private static ServiceProvider ServicesOf(params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration
            .AddInMemoryCollection([new("ChunkProxy:Url", "http://origin.example/"), new("ChunkProxy:DiskSize", "0"), new("ChunkProxy:SuperHot:Timeout", "00:00:06")])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddSuperHotRedis();
        return builder.Services.AddLogging().AddChunkCache().BuildServiceProvider();
    }
}
