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
        services.TryAddSingleton(static provider => Create(
            provider.GetRequiredService<SiteNames>(),
            provider.GetRequiredService<IOptionsMonitor<CacheOptions>>(),
            provider.GetRequiredService<IOptionsMonitor<CacheKeyOptions>>(),
            provider.GetRequiredService<IOptionsMonitor<FreshnessOptions>>()));
        return services;
    }

    private static SiteTable Create(
        SiteNames names, IOptionsMonitor<CacheOptions> cache, IOptionsMonitor<CacheKeyOptions> key, IOptionsMonitor<FreshnessOptions> freshness)
    {
        return new SiteTable([.. (names.AreSet ? names.All : [""]).Select(SiteOf)]);

        SiteRules SiteOf(string name)
        {
            var scope = SiteNames.ScopeOfLabel(name);
            var rules = new CacheKeyRules(key.Get(scope));
            return new(cache.Get(scope).OriginKey, rules, new FreshnessRules(freshness.Get(scope), rules.IgnoresPathCase), name);
        }
    }
}
