using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Clients;

/// <summary>Registers what tells clients apart.</summary>
internal static class ClientServiceCollectionExtensions
{
    public static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.AddOptions<ClientOptions>().BindSettings(ClientOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ClientOptions>, ClientOptionsValidator>());
        services.TryAddSingleton<TrustedProxies>();
        services.TryAddSingleton<ProxyProtocol>();
        services.TryAddSingleton<ClientLimits>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ClientAddressFilter>());
        return services;
    }
}
