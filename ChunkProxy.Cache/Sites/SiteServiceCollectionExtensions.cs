using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Sites;

/// <summary>Registers the rules of the sites.</summary>
internal static class SiteServiceCollectionExtensions
{
    /// <summary>Adds <see cref="SiteTable"/> with its options.</summary>
    public static IServiceCollection AddSites(this IServiceCollection services)
    {
        services.AddOptions<CacheKeyOptions>().BindSettings(CacheKeyOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheKeyOptions>, CacheKeyOptionsValidator>());
        services.AddOptions<FreshnessOptions>().BindSettings(FreshnessOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FreshnessOptions>, FreshnessOptionsValidator>());
        services.TryAddSingleton<SiteNames>();
        services.TryAddSingleton<SiteFactory>();
        services.TryAddSingleton(static provider =>
        {
            var (names, factory) = (provider.GetRequiredService<SiteNames>().All, provider.GetRequiredService<SiteFactory>());
            return new SiteTable([.. (names is [] ? [""] : names).Select(factory.Create)]);
        });
        return services;
    }
}
