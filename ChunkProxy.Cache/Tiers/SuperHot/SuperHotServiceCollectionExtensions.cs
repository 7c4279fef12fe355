using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

internal static class SuperHotServiceCollectionExtensions
{
    /// <summary>Adds the tier; a process without <see cref="CacheOptions.Redis"/> has none.</summary>
    public static void AddSuperHotTier(this IServiceCollection services)
    {
        services.AddOptions<SuperHotOptions>().BindSettings(SuperHotOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SuperHotOptions>, SuperHotOptionsValidator>());
        services.TryAddSingleton(Create);
    }

    private static SuperHotTier Create(IServiceProvider provider)
    {
        if (provider.GetRequiredService<IOptions<CacheOptions>>().Value.Redis is not { Length: > 0 } where)
        {
            return null!; // as with the disk tier: an optional parameter gets null
        }

        var options = provider.GetRequiredService<IOptions<SuperHotOptions>>().Value;
        var configuration = ConfigurationOptions.Parse(where);
        configuration.ClientName = "chunkproxy";
        configuration.AbortOnConnectFail = false; // a process that starts without Redis uses it once it comes
        configuration.BacklogPolicy = BacklogPolicy.FailFast; // while it is away a read fails at once, and does not queue
        configuration.AsyncTimeout = (int)Math.Max(1, options.Timeout.TotalMilliseconds * 10);
        return new SuperHotTier(
            Task.Run(() => ConnectionMultiplexer.ConnectAsync(configuration)),
            provider.GetRequiredService<MemoryTier>(),
            options,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SuperHotTier>>());
    }
}
