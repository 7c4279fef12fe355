using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Admin.Warm;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Admin;

/// <summary>Wires what operators do.</summary>
internal static class AdminServiceCollectionExtensions
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddOptions<AdminOptions>().BindSettings(AdminOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>());
        return services
            .AddSingleton<AdminKey>()
            .AddSingleton<WrongKeyLog>()
            .AddSingleton<AdminGate>()
            .AddSingleton<WarmJobs>()
            .AddHostedService(static provider => provider.GetRequiredService<WarmJobs>());
    }
}
