using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Registers the client of the shared Redis: Aspire's client, with its traces.</summary>
public static class RedisClient
{
    /// <summary>Name of the connection string: <c>ConnectionStrings:superhot</c>. <see cref="CacheOptions.Redis"/> takes precedence if set.</summary>
    public const string ConnectionName = "superhot";

    /// <summary>Adds the client if a connection is configured. Call it before <see cref="CacheServiceCollectionExtensions.AddChunkCache"/>.</summary>
    public static void AddSuperHotRedis(this IHostApplicationBuilder builder)
    {
        var where = builder.Configuration[$"{CacheOptions.Section}:{nameof(CacheOptions.Redis)}"] is { Length: > 0 } own
            ? own
            : builder.Configuration.GetConnectionString(ConnectionName);
        if (!string.IsNullOrEmpty(where))
        {
            AddClient(builder, where);
        }
    }

    // A separate method: the JIT loads the client's assemblies when it compiles this.
    private static void AddClient(IHostApplicationBuilder builder, string where)
    {
        builder.AddRedisClient(ConnectionName, settings =>
        {
            settings.ConnectionString = where;
            settings.DisableHealthChecks = true; // Redis is optional: the tier reports its own state
        });
        builder.Services.AddOptions<ConfigurationOptions>().Configure<IOptions<SuperHotOptions>>(static (redis, options) => Tune(redis, options.Value));
    }

    /// <summary>Adds plain StackExchange.Redis for <see cref="CacheOptions.Redis"/>.</summary>
    internal static IServiceCollection AddSuperHotRedis(this IServiceCollection services)
    {
        services.TryAddSingleton<IConnectionMultiplexer>(static provider =>
        {
            var redis = ConfigurationOptions.Parse(provider.GetRequiredService<IOptions<CacheOptions>>().Value.Redis!);
            Tune(redis, provider.GetRequiredService<IOptions<SuperHotOptions>>().Value);
            return ConnectionMultiplexer.Connect(redis);
        });
        return services;
    }

    private static void Tune(ConfigurationOptions redis, SuperHotOptions options)
    {
        redis.ClientName = "chunkproxy";
        redis.AbortOnConnectFail = false; // a process that starts without Redis connects later
        redis.BacklogPolicy = BacklogPolicy.FailFast; // without a connection, requests fail at once instead of queueing
        redis.AsyncTimeout = (int)Math.Max(1, options.Timeout.TotalMilliseconds * 10);
    }
}
