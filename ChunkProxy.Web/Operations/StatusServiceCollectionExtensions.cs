using ChunkProxy.Web.Operations.Status;

namespace ChunkProxy.Web.Operations;

/// <summary>Registers status and statistics.</summary>
internal static class StatusServiceCollectionExtensions
{
    public static IServiceCollection AddStatus(this IServiceCollection services) => services
        .AddSingleton<StatsReader>()
        .AddSingleton<History>()
        .AddHostedService(provider => provider.GetRequiredService<History>());
}
