using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Registers the check of all keys.</summary>
internal static class SettingKeysServiceCollectionExtensions
{
    /// <summary>Refuses keys below <c>ChunkProxy</c> that have no effect, when the host starts and at each reload.</summary>
    /// <param name="services">The services.</param>
    /// <param name="acceptFrontEnds">Whether the settings of front ends are accepted without effect, as in a cache service.</param>
    public static void RefuseUnknownKeys(this IServiceCollection services, bool acceptFrontEnds = false)
    {
        services.AddOptions<SettingKeys>().Configure(keys => keys.AcceptsFrontEnds = acceptFrontEnds).CheckAtStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SettingKeys>, SettingKeysValidator>());
        services.AddSingleton(new SettingSection(CacheOptions.Section, static () => [], IsReloaded: true, static provider => provider.GetRequiredService<IOptionsFactory<SettingKeys>>().Create(Options.DefaultName)));
    }
}
