using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

internal static class SuperHotServiceCollectionExtensions
{
    /// <summary>Adds the tier. Without <see cref="CacheOptions.Redis"/> the process has none.</summary>
    public static void AddSuperHotTier(this IServiceCollection services)
    {
        services.AddOptions<SuperHotOptions>().BindSettings(SuperHotOptions.Section);
        services.AddOptions<CacheOptions>()
            .PostConfigure<IConfiguration>(static (options, configuration) => options.Redis ??= configuration.GetConnectionString(RedisClient.ConnectionName));
        services.TryAddSingleton(static provider =>
            // As with the disk tier: an optional parameter gets null.
            provider.GetRequiredService<IOptions<CacheOptions>>().Value.Redis is { Length: > 0 } ? Create(provider) : null!);
    }

    // A separate method, as for all uses of StackExchange.Redis: the JIT loads the assembly when it compiles this.
    private static SuperHotTier Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<SuperHotOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        return new SuperHotTier(
            new RedisLink(
                Task.Run(provider.GetRequiredService<IConnectionMultiplexer>), // creating it connects, which may take seconds
                options.Concurrency,
                time,
                provider.GetRequiredService<RecentEvents>(),
                provider.GetRequiredService<ILogger<SuperHotTier>>()),
            provider.GetRequiredService<MemoryTier>(),
            provider.GetRequiredService<IKnownVersions>(),
            (int)provider.GetRequiredService<IOptions<CacheOptions>>().Value.ChunkSize,
            new SuperHotSeal(provider.GetRequiredService<KeyRing>()),
            options,
            new SuperHotMetrics(provider.GetRequiredService<IMeterFactory>()),
            time);
    }
}
