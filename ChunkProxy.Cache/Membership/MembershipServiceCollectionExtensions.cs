using System.Net;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

public static class MembershipServiceCollectionExtensions
{
    /// <summary>
    /// Adds the process's <see cref="IMembershipSource"/> as configured by <see cref="PoolOptions"/> (alone, a list of peers, or etcd). The code that
    /// opens the pool port starts it afterwards. Settings for etcd are under <see cref="EtcdOptions.Section"/>.
    /// </summary>
    public static IServiceCollection AddMembership(this IServiceCollection services, MemberRole role)
    {
        services.AddOptions<PoolOptions>().BindSettings(PoolOptions.Section);
        services.AddOptions<EtcdOptions>().BindSettings(EtcdOptions.Section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PoolOptions>, PoolOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EtcdOptions>, EtcdOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider =>
        {
            var pool = provider.GetRequiredService<IOptions<PoolOptions>>().Value;
            return new KeyRing(SharedSecret.ReadAll(pool.PoolKey, pool.PoolKeyFile));
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReloadable, PoolKeyReload>());
        services.TryAddSingleton(provider => Create(provider, role));
        return services;
    }

    private static IMembershipSource Create(IServiceProvider provider, MemberRole role)
    {
        var pool = provider.GetRequiredService<IOptions<PoolOptions>>().Value;
        var time = provider.GetRequiredService<TimeProvider>();
        var self = pool.OwnsNothing
            ? null
            : new Member(SelfAddress(pool).Normal.ToString())
            {
                Name = pool.Name ?? "",
                Weight = pool.Weight,
                Version = ProductVersion.Number,
                StartedAt = time.GetUtcNow(),
                Role = role,
            };
        return pool.CoordUrls is []
            ? new StaticMembership(self, pool.Peers, time)
            : new EtcdMembership(
                self,
                [.. pool.CoordUrls.Select(url => new Uri(url))],
                pool.Cluster,
                provider.GetRequiredService<KeyRing>(),
                provider.GetRequiredService<IOptions<EtcdOptions>>().Value,
                time,
                provider.GetRequiredService<ILogger<EtcdMembership>>());
    }

    // Other members cannot reach a wildcard address, so the machine's name replaces it.
    private static HostPort SelfAddress(PoolOptions pool)
    {
        var address = HostPort.Parse(pool.PoolAddr);
        return address.IsWildcard ? address with { Host = Dns.GetHostName() } : address;
    }
}
