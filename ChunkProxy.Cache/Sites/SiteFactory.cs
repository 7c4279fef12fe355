using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Sites;

/// <summary>Makes the rules of a site from its settings.</summary>
internal sealed class SiteFactory(IOptionsMonitor<CacheOptions> cache, IOptionsMonitor<CacheKeyOptions> key, IOptionsMonitor<FreshnessOptions> freshness)
{
    /// <param name="name">The name of the origin; empty if the process has one.</param>
    public SiteRules Create(string name)
    {
        var scope = SiteNames.ScopeOfLabel(name);
        var rules = new CacheKeyRules(key.Get(scope));
        return new(cache.Get(scope).OriginKey, rules, new FreshnessRules(freshness.Get(scope), rules.IgnoresPathCase), name);
    }
}
