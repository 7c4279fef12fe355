using ChunkProxy.Cache.Origin;

namespace ChunkProxy.Cache;

public static class CacheServiceCollectionExtensions
{
    /// <summary>Adds the cache with its options, which are read from configuration under <c>ChunkProxy:</c> and checked when the host starts.</summary>
    public static IServiceCollection AddChunkCache(this IServiceCollection services)
    {
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateOnStart();
        services.AddOptions<OriginOptions>().BindConfiguration(OriginOptions.Section).ValidateOnStart();
        return services;
    }
}
