using System.Globalization;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost;

/// <summary>The cluster that is started: names, numbers, ports and settings. Both ways of starting it read this one description.</summary>
/// <remarks>By configuration (command line, environment): <c>--Cluster:Nodes 5 --Redis:Enabled true --Origin:Url http://…</c>.</remarks>
internal sealed record Topology
{
    public const string Etcd = "etcd";
    public const string Redis = "superhot";
    public const string SampleOrigin = "sample-origin";
    public const string Web = "web";

    /// <summary>Key prefix in etcd: whoever has the same one is in the same cluster.</summary>
    public const string ClusterName = "clusters/chunkproxy-apphost";

    /// <summary>Reserved for the proxy itself on the front end's paths; the rest are the origin's objects.</summary>
    public const string ReservedPath = "/_chunkproxy";

    /// <summary>Fails when a process cannot do its work; of the front end below <see cref="ReservedPath"/>.</summary>
    public const string HealthPath = "/health";

    /// <summary>Fails only when a process does not answer at all; of the front end below <see cref="ReservedPath"/>.</summary>
    public const string AlivePath = "/alive";

    /// <summary>Where the front end says how it is doing.</summary>
    public const string StatusPath = $"{ReservedPath}/";

    /// <summary>Where members answer each other when every process has a machine or container of its own.</summary>
    public const int PoolPort = 7070;

    /// <summary>Where the front end answers clients in its container; an unprivileged port, as its user is.</summary>
    public const int PublishedWebPort = 8080;

    /// <summary>Arguments of redis-server: nothing on disk, and more room than the tier fills unless it is told to (docs/operations.md).</summary>
    public static readonly string[] RedisLimits = ["--save", "", "--maxmemory", "320mb", "--maxmemory-policy", "volatile-lru"];

    private const int MostCacheNodes = 64;

    /// <summary><c>Cluster:Nodes</c>: how many cache services own the chunks; 0: none, the front end stands alone and owns everything.</summary>
    public int CacheNodes { get; init; } = 3;

    /// <summary><c>Redis:Enabled</c>: a shared tier for super-hot chunks.</summary>
    public bool RedisEnabled { get; init; }

    /// <summary><c>Origin:Url</c>: the origin whose objects are served; none: the sample origin is started.</summary>
    public Uri? OriginUrl { get; init; }

    /// <summary><c>Web:Port</c>, on which clients are answered; 0: a free one.</summary>
    public int WebPort { get; init; } = 8080;

    /// <summary><c>Sizes:Chunk</c>, <c>Sizes:Memory</c>, <c>Sizes:Disk</c>, per process, as the <c>chunkproxy</c> command takes them: <c>512KiB</c>, <c>2GiB</c>.</summary>
    public string ChunkSize { get; init; } = "1MiB";

    /// <inheritdoc cref="ChunkSize"/>
    public string MemorySize { get; init; } = "128MiB";

    /// <inheritdoc cref="ChunkSize"/>
    public string DiskSize { get; init; } = "1GiB";

    public IEnumerable<string> CacheNames => Enumerable.Range(1, CacheNodes).Select(CacheName);

    /// <summary>What every process of the product is told alike.</summary>
    public IEnumerable<KeyValuePair<string, string>> SharedSettings =>
    [
        new(Setting.ChunkSize, ChunkSize),
        new(Setting.MemorySize, MemorySize),
        new(Setting.Cluster, ClusterName),
    ];

    public static string CacheName(int number) => string.Create(CultureInfo.InvariantCulture, $"cache-{number}");

    /// <exception cref="InvalidOperationException">A value cannot be what it says; the message names its key.</exception>
    public static Topology From(IConfiguration configuration)
    {
        var defaults = new Topology();
        var topology = new Topology
        {
            CacheNodes = configuration.GetValue("Cluster:Nodes", defaults.CacheNodes),
            RedisEnabled = configuration.GetValue("Redis:Enabled", defaults.RedisEnabled),
            OriginUrl = configuration.GetValue<Uri?>("Origin:Url"),
            WebPort = configuration.GetValue("Web:Port", defaults.WebPort),
            ChunkSize = configuration.GetValue("Sizes:Chunk", defaults.ChunkSize)!,
            MemorySize = configuration.GetValue("Sizes:Memory", defaults.MemorySize)!,
            DiskSize = configuration.GetValue("Sizes:Disk", defaults.DiskSize)!,
        };
        return topology switch
        {
            { CacheNodes: < 0 or > MostCacheNodes } => throw new InvalidOperationException($"Cluster:Nodes takes 0 to {MostCacheNodes}, not {topology.CacheNodes}."),
            { WebPort: < 0 or > ushort.MaxValue } => throw new InvalidOperationException($"Web:Port takes 0 to {ushort.MaxValue}, not {topology.WebPort}."),
            { OriginUrl: { } url } when !url.IsAbsoluteUri || url.Scheme is not ("http" or "https") =>
                throw new InvalidOperationException($"Origin:Url takes an http or https URL, not '{url}'."),
            _ => topology.WithValidSizes(),
        };
    }

    private Topology WithValidSizes()
    {
        foreach (var (key, size) in new[] { ("Sizes:Chunk", ChunkSize), ("Sizes:Memory", MemorySize), ("Sizes:Disk", DiskSize) })
        {
            if (!ByteSize.TryParse(size, out _))
            {
                throw new InvalidOperationException($"{key} takes {ByteSize.Expected}, not '{size}'.");
            }
        }

        return this;
    }
}
