using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Hosting;

/// <summary>The lines that the command prints when it is ready.</summary>
internal static class StartLines
{
    /// <param name="cache">The settings of the cache.</param>
    /// <param name="pool">The settings of the cluster.</param>
    /// <param name="listeners">The configured addresses.</param>
    /// <param name="poolListening">The addresses of the pool, if it listens.</param>
    /// <param name="listening">Kestrel's addresses with actual ports, in the order of <paramref name="listeners"/>.</param>
    /// <param name="origins">The origins, if there are several.</param>
    public static IEnumerable<string> Of(
        CacheOptions cache,
        PoolOptions pool,
        IReadOnlyList<Listener> listeners,
        IEnumerable<string> poolListening,
        IReadOnlyList<string> listening,
        IEnumerable<string>? origins = null)
    {
        var disk = cache.DiskBudget == 0 ? "no disk" : $"disk {cache.DiskBudget} in {string.Join(", ", cache.Directories)}";
        yield return ProductVersion.Line;
        foreach (var origin in origins ?? [$"{cache.Url}"])
        {
            yield return $"chunkproxy: origin {origin}";
        }

        yield return $"chunkproxy: {ClusterOf(pool)}";
        foreach (var address in poolListening)
        {
            yield return $"chunkproxy: pool listening on {address}, {SecurityOf(pool)}";
        }

        yield return $"chunkproxy: chunks of {cache.ChunkSize}, memory {cache.MemoryBudget}, {disk}, metadata {cache.MetadataBudget}";
        for (var i = 0; i < listening.Count; i++)
        {
            var (kind, _, address) = listeners[i];
            yield return kind switch
            {
                ListenerKind.Admin or ListenerKind.AdminTls => $"chunkproxy: status and actions at {ToOpen(listening[i], address, ReservedPaths.Prefix)}",
                ListenerKind.Http2 => $"chunkproxy: web listening on {ToOpen(listening[i], address, "")} for HTTP/2 without TLS",
                _ => $"chunkproxy: web listening on {ToOpen(listening[i], address, "")}",
            };
        }
    }

    // Kestrel shows the wildcard address as [::], which few people would open.
    private static string ToOpen(string listening, HostPort configured, string path) =>
        configured.IsEveryAddress ? $"{new Uri(listening).Scheme}://localhost:{new Uri(listening).Port}{path}/ (every address)" : $"{listening}{path}/";

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
        { IsStandAlone: true } => "stand-alone node, owns every chunk",
        { Peers: not [] } => $"static cluster of {pool.Peers.Count}, here {pool.PoolAddr}",
        _ => $"cluster {pool.Cluster} at {ShownSetting.Urls(pool.Coord)}, here {pool.PoolAddr}",
    };
}
