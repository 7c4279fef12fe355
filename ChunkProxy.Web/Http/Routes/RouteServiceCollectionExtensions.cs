using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Registers the routes.</summary>
internal static class RouteServiceCollectionExtensions
{
    public static IServiceCollection AddRoutes(this IServiceCollection services)
    {
        services.AddOptions<RouteOptions>().BindScope(RouteOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RouteOptions>, RouteOptionsValidator>());
        services.AddOptions<RoutesOptions>().CheckAtStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutesOptions>, RoutesOptionsValidator>());
        services.TryAddSingleton<RouteNames>();
        services.TryAddSingleton<RouteLimitsFactory>();
        services.TryAddSingleton<RouteFactory>();
        services.TryAddSingleton<CurrentRoutes>();
        services.AddSingleton<IReloadable>(static provider => provider.GetRequiredService<CurrentRoutes>());
        services.TryAddSingleton<TargetReader>();
        return services;
    }
}
