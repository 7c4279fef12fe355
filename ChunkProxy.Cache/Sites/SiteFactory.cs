using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Sites;

/// <summary>Makes the rules of a site from its settings, as configuration has them now.</summary>
internal sealed class SiteFactory(IOptionsFactory<CacheOptions> cache, IOptionsFactory<CacheKeyOptions> key, IOptionsFactory<FreshnessOptions> freshness)
{
    /// <param name="name">The name of the origin; empty if the process has one.</param>
    public SiteRules Create(string name)
    {
        var scope = SiteNames.ScopeOfLabel(name);
        var rules = new CacheKeyRules(key.Create(scope));
        return new(cache.Create(scope).OriginKey, rules, new FreshnessRules(freshness.Create(scope), rules.IgnoresPathCase), name);
    }
}
