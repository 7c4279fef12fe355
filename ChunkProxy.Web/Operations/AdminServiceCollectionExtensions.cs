using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Operations.Purge;
using ChunkProxy.Web.Operations.Warm;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations;

/// <summary>Registers the operators' actions.</summary>
internal static class AdminServiceCollectionExtensions
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddOptions<AdminOptions>().BindSettings(AdminOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TlsOptions>, AdminTlsValidator>());
        return services
            .AddSingleton<AdminKey>()
            .AddSingleton<IReloadable>(static provider => provider.GetRequiredService<AdminKey>())
            .AddSingleton<OwnHosts>()
            .AddSingleton<WrongKeyLog>()
            .AddSingleton<AdminGate>()
            .AddSingleton<DebugGate>()
            .AddSingleton<WarmJobs>()
            .AddHostedService(static provider => provider.GetRequiredService<WarmJobs>())
            .AddSingleton<ObjectArgument>()
            .AddSingleton<PurgeEndpoints>()
            .AddSingleton(AllowedMethodsOf);
    }

    private static AllowedMethods AllowedMethodsOf(IServiceProvider provider) =>
        provider.GetRequiredService<AdminKey>().IsSet && provider.GetRequiredService<IOptions<AdminOptions>>().Value.AdminAddress is null
            ? new($"{AllowedMethods.Reading.Value}, {PurgeEndpoints.Method}")
            : AllowedMethods.Reading;
}
