using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Hosting;

/// <summary>The lines that the command prints when it is ready.</summary>
internal static class StartLines
{
    /// <param name="cache">The settings of the cache.</param>
    /// <param name="pool">The settings of the cluster.</param>
    /// <param name="web">The settings of the front end.</param>
    /// <param name="admin">The settings of the reserved prefix.</param>
    /// <param name="poolListening">The addresses of the pool, if it listens.</param>
    /// <param name="listening">Kestrel's addresses with actual ports: for clients, then for the reserved prefix if it has a separate one.</param>
    public static IEnumerable<string> Of(CacheOptions cache, PoolOptions pool, WebOptions web, AdminOptions admin, IEnumerable<string> poolListening, IReadOnlyList<string> listening)
    {
        var disk = cache.DiskBudget == 0 ? "no disk" : $"disk {cache.DiskBudget} in {Path.GetFullPath(cache.Dir)}";
        yield return ProductVersion.Line;
        yield return $"chunkproxy: origin {cache.Url}";
        yield return $"chunkproxy: {ClusterOf(pool)}";
        foreach (var address in poolListening)
        {
            yield return $"chunkproxy: pool listening on {address}, {SecurityOf(pool)}";
        }

        yield return $"chunkproxy: chunks of {cache.ChunkSize}, memory {cache.MemoryBudget}, {disk}, metadata {cache.MetadataBudget}";
        for (var i = 0; i < listening.Count; i++)
        {
            yield return i == listening.Count - 1 && admin.AdminAddress is { } adminAddress
                ? $"chunkproxy: status and actions at {ToOpen(listening[i], adminAddress, ReservedPaths.Prefix)}"
                : $"chunkproxy: web listening on {ToOpen(listening[i], web.WebAddr, "")}";
        }
    }

    // Kestrel shows the wildcard address as [::], which few people would open.
    private static string ToOpen(string listening, HostPort configured, string path) =>
        configured.IsEveryAddress ? $"http://localhost:{new Uri(listening).Port}{path}/ (every address)" : $"{listening}{path}/";

    private static string SecurityOf(PoolOptions pool) => pool switch
    {
        { PoolAuthority.Length: > 0 } => "mutual TLS",
        { PoolCertificate.Length: > 0 } when HasKey(pool) => "TLS and a key",
        { PoolCertificate.Length: > 0 } => "TLS without a key: anyone who can reach it is trusted as a member (-poolkeyfile)",
        _ when HasKey(pool) => "with a key",
        _ => "without a key: anyone who can reach it is trusted as a member (-poolkeyfile)",
    };

    private static bool HasKey(PoolOptions pool) => pool.PoolKeyFile is { Length: > 0 } || pool.PoolKey is { Length: > 0 };

    private static string ClusterOf(PoolOptions pool) => pool switch
    {
        { StandsAlone: true } => "stand-alone node, owns every chunk",
        { Peers: not [] } => $"static cluster of {pool.Peers.Count}, here {pool.PoolAddr}",
        _ => $"cluster {pool.Cluster} at {ShownSetting.Urls(pool.Coord)}, here {pool.PoolAddr}",
    };
}
