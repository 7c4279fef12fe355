using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>All settings of an origin as one text, as configuration has them now, to find out whether a reload changes them. It contains secrets.</summary>
internal sealed class OriginSettings(
    IOptionsFactory<CacheOptions> cache,
    IOptionsFactory<OriginOptions> origin,
    IOptionsFactory<OriginAccessOptions> access,
    IOptionsFactory<CacheKeyOptions> key,
    IOptionsFactory<FreshnessOptions> freshness)
{
    /// <param name="name">The name of the origin.</param>
    public string TextOf(string name)
    {
        var scope = SiteNames.ScopeOf(name);
        return string.Join(
            '\n', [.. TextsOf(cache.Create(scope)), .. TextsOf(origin.Create(scope)), .. TextsOf(access.Create(scope)), .. TextsOf(key.Create(scope)), .. TextsOf(freshness.Create(scope))]);
    }

    private static IEnumerable<string> TextsOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(TOptions options) =>
        SettingsBinding.InScope(typeof(TOptions)).Select(property => string.Create(CultureInfo.InvariantCulture, $"{property.Name}={property.GetValue(options)}"));
}
