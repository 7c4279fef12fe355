using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Sites;

/// <summary>Registers the rules of the site.</summary>
internal static class SiteServiceCollectionExtensions
{
    /// <summary>Adds <see cref="SiteRules"/> with its options.</summary>
    public static IServiceCollection AddSite(this IServiceCollection services)
    {
        services.AddOptions<CacheKeyOptions>().BindSettings(CacheKeyOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheKeyOptions>, CacheKeyOptionsValidator>());
        services.AddOptions<FreshnessOptions>().BindSettings(FreshnessOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FreshnessOptions>, FreshnessOptionsValidator>());
        services.TryAddSingleton(static provider => SiteRules.Of(
            provider.GetRequiredService<IOptions<CacheOptions>>(),
            provider.GetRequiredService<IOptions<CacheKeyOptions>>(),
            provider.GetRequiredService<IOptions<FreshnessOptions>>()));
        return services;
    }
}
