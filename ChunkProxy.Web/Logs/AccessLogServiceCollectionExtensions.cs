using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Exchanges;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Logs;

/// <summary>Registers the access log. It is written only if <c>AccessLog:To</c> is set.</summary>
internal static class AccessLogServiceCollectionExtensions
{
    public static IServiceCollection AddAccessLog(this IServiceCollection services)
    {
        services.AddOptions<AccessLogOptions>().BindSettings(AccessLogOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AccessLogOptions>, AccessLogOptionsValidator>());
        services.TryAddSingleton(provider => new LineBuffer((int)provider.GetRequiredService<IOptions<AccessLogOptions>>().Value.BufferSize));
        services.TryAddSingleton<IExchangeLog, AccessLog>();
        services.TryAddSingleton<AccessLogWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<AccessLogWriter>());
        return services;
    }
}
