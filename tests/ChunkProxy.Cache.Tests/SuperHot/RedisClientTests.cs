using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tests.SuperHot;

/// <summary>Where the super-hot tier finds its Redis.</summary>
public sealed class RedisClientTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string ConnectionString = "ConnectionStrings:superhot";
    private const string Setting = "ChunkProxy:Redis";
    private const string Nobody = "127.0.0.1:1";

    [Theory]
    [InlineData(ConnectionString)]
    [InlineData(Setting)]
    public async Task Resolve_GivenEitherWay_ConnectsThere(string key)
    {
        await using var services = ServicesOf((key, redis.Endpoint));

        var client = services.GetRequiredService<IConnectionMultiplexer>();

        await client.GetDatabase().PingAsync();
        Assert.NotNull(services.GetService<SuperHotTier>());
    }

    [Fact]
    public async Task Resolve_GivenBothWays_TheOwnSettingGoesFirst()
    {
        await using var services = ServicesOf((ConnectionString, Nobody), (Setting, redis.Endpoint));

        var client = services.GetRequiredService<IConnectionMultiplexer>();

        Assert.Equal(redis.Endpoint, client.GetEndPoints().Single().ToString());
        await client.GetDatabase().PingAsync();
    }

    [Fact]
    public async Task Resolve_GivenNoWay_ThereIsNoTier()
    {
        await using var services = ServicesOf();

        Assert.Null(services.GetService<SuperHotTier>());
    }

    private static ServiceProvider ServicesOf(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ChunkProxy:Url", "http://origin.example/"), new("ChunkProxy:DiskSize", "0")])
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddChunkCache().BuildServiceProvider();
    }
}
