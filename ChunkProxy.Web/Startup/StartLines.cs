using ChunkProxy.Cache;
using ChunkProxy.Web.CommandLine;

namespace ChunkProxy.Web.Startup;

/// <summary>What the command prints once it answers.</summary>
internal static class StartLines
{
    /// <param name="cache">The cache's settings.</param>
    /// <param name="pool">The cluster's.</param>
    /// <param name="web">The front end's.</param>
    /// <param name="listening">Where Kestrel listens, with the real ports.</param>
    public static IEnumerable<string> Of(CacheOptions cache, PoolOptions pool, WebOptions web, IEnumerable<string> listening)
    {
        var disk = cache.DiskBudget == 0 ? "no disk" : $"disk {cache.DiskBudget} in {Path.GetFullPath(cache.Dir)}";
        yield return ProductVersion.Line;
        yield return $"chunkproxy: origin {cache.Url}";
        yield return $"chunkproxy: {ClusterOf(pool)}";
        yield return $"chunkproxy: chunks of {cache.ChunkSize}, memory {cache.MemoryBudget}, {disk}, metadata {cache.MetadataBudget}";
        foreach (var address in listening)
        {
            // Kestrel names every address [::], which few people would open.
            yield return "chunkproxy: web listening on "
                + (web.WebAddr.IsEveryAddress ? $"http://localhost:{new Uri(address).Port}/ (every address)" : $"{address}/");
        }
    }

    private static string ClusterOf(PoolOptions pool) => pool switch
    {
        { StandsAlone: true } => "stands alone, owns every chunk",
        { Peers: not [] } => $"static cluster of {pool.Peers.Count}, here {pool.PoolAddr}",
        _ => $"cluster {pool.Cluster} at {string.Join(',', pool.CoordUrls)}, here {pool.PoolAddr}",
    };
}
