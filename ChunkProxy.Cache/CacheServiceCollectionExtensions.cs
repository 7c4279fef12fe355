using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache;

public static class CacheServiceCollectionExtensions
{
    /// <summary>Adds the cache with its options, which are read from configuration under <c>ChunkProxy:</c> and checked when the host starts.</summary>
    public static IServiceCollection AddChunkCache(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>().BindSettings(CacheOptions.Section);
        services.AddOptions<OriginOptions>().BindSettings(OriginOptions.Section);
        services.AddOptions<PoolOptions>().BindSettings(PoolOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OriginOptions>, OriginOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PoolOptions>, PoolOptionsValidator>());
        return services;
    }
}
