using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>Warns at start about other processes that are trusted without authentication.</summary>
internal sealed class TrustWarnings(
    KeyRing keys, IMembershipSource membership, IOptions<PoolOptions> pool, IOptions<CacheOptions> cache, ILogger<TrustWarnings> log)
{
    public void Log()
    {
        var options = pool.Value;
        if (options.PoolOpen && !options.ProvesMembers && membership.Self is { } self && !options.IsStandAlone)
        {
            log.PoolIsOpen(self.Id);
        }

        string[] believed = [.. options.CoordUrls is [] ? [] : new[] { "etcd" }, .. string.IsNullOrEmpty(cache.Value.Redis) ? [] : new[] { "Redis" }];
        if (keys.IsEmpty && believed is not [])
        {
            log.StoreTrusted(string.Join(" or ", believed));
        }
    }
}
