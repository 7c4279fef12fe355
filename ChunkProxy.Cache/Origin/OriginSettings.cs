using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>The settings of the origins with names. They are read once, and again after they were forgotten.</summary>
internal sealed class OriginSettings(IServiceProvider services)
{
    /// <summary>Returns all settings of an origin as one text, to find out whether a reload changes them. It contains secrets.</summary>
    /// <param name="name">The name of the origin.</param>
    public string TextOf(string name)
    {
        var scope = SiteNames.ScopeOf(name);
        return string.Join(
            '\n',
            [
                .. TextsOf<CacheOptions>(scope), .. TextsOf<OriginOptions>(scope), .. TextsOf<OriginAccessOptions>(scope), .. TextsOf<CacheKeyOptions>(scope), .. TextsOf<FreshnessOptions>(scope),
            ]);
    }

    /// <summary>Forgets the settings of an origin.</summary>
    /// <param name="name">The name of the origin.</param>
    public void Forget(string name)
    {
        var scope = SiteNames.ScopeOf(name);
        Forget<CacheOptions>(scope);
        Forget<OriginOptions>(scope);
        Forget<OriginAccessOptions>(scope);
        Forget<CacheKeyOptions>(scope);
        Forget<FreshnessOptions>(scope);
    }

    private void Forget<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(string scope)
        where TOptions : class => services.GetRequiredService<IOptionsMonitorCache<TOptions>>().TryRemove(scope);

    private IEnumerable<string> TextsOf<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string scope)
        where TOptions : class
    {
        var options = services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(scope);
        return SettingsBinding.InScope(typeof(TOptions)).Select(property => string.Create(CultureInfo.InvariantCulture, $"{property.Name}={property.GetValue(options)}"));
    }
}
