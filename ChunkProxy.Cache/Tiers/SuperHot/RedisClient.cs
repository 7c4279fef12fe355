using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Registers the client of the shared Redis: that of Aspire, with its traces.</summary>
public static class RedisClient
{
    /// <summary>The name of the connection string: <c>ConnectionStrings:superhot</c>. <see cref="CacheOptions.Redis"/>, if it is set, goes before it.</summary>
    public const string ConnectionName = "superhot";

    /// <summary>Adds the client, if the configuration says where Redis is. Belongs before <see cref="CacheServiceCollectionExtensions.AddChunkCache"/>.</summary>
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

    // A method of its own: the assemblies of the client are loaded when it is compiled.
    private static void AddClient(IHostApplicationBuilder builder, string where)
    {
        builder.AddRedisClient(ConnectionName, settings =>
        {
            settings.ConnectionString = where;
            settings.DisableHealthChecks = true; // Redis is a help and never a need: the tier reports its state itself
        });
        builder.Services.AddOptions<ConfigurationOptions>().Configure<IOptions<SuperHotOptions>>(static (redis, options) => Tune(redis, options.Value));
    }

    /// <summary>Adds StackExchange.Redis alone, for <see cref="CacheOptions.Redis"/>.</summary>
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
        redis.AbortOnConnectFail = false; // a process that starts without Redis uses it once it comes
        redis.BacklogPolicy = BacklogPolicy.FailFast; // while it is away a read fails at once, and does not queue
        redis.AsyncTimeout = (int)Math.Max(1, options.Timeout.TotalMilliseconds * 10);
    }
}
