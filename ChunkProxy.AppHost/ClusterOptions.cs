using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ChunkProxy.AppHost.Servers;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Configuration;

namespace ChunkProxy.AppHost;

/// <summary>The cluster that is started: numbers, ports and sizes.</summary>
/// <remarks>Read from configuration (command line, environment): <c>--Cluster:Nodes 5 --Redis:Enabled true --Origin:Url http://…</c>.</remarks>
internal sealed record ClusterOptions
{
    private const int MostCacheNodes = 64;
    private const int FirstPoolPort = 7071;

    /// <summary><c>Cluster:Nodes</c>: how many cache services own the chunks; 0: none, the front end stands alone and owns every chunk.</summary>
    public int CacheNodes { get; init; } = 3;

    /// <summary><c>Redis:Enabled</c>: a shared tier for super-hot chunks.</summary>
    public bool RedisEnabled { get; init; }

    /// <summary><c>Servers:From</c>: where etcd and Redis come from.</summary>
    public ServerKind Servers { get; init; } = ServerKind.Auto;

    /// <summary><c>Origin:Url</c>: the origin whose objects are served; none: the sample origin is started.</summary>
    public Uri? OriginUrl { get; init; }

    /// <summary><c>Web:Port</c>, on which clients are answered; 0: a free one.</summary>
    public int WebPort { get; init; } = 8080;

    /// <summary><c>Ports:Usual</c>: members keep their ports, and with them what they own, from one run to the next. False: every port is a free one.</summary>
    public bool UsualPorts { get; init; } = true;

    /// <summary><c>State:Dir</c>: the folder of the disk tiers and of etcd's data; none: <c>.chunkproxy</c> in the repository.</summary>
    public string? StateDir { get; init; }

    /// <summary><c>Sizes:Chunk</c>, <c>Sizes:Memory</c>, <c>Sizes:Disk</c>, for each process, as the <c>chunkproxy</c> command takes them: <c>512KiB</c>, <c>2GiB</c>.</summary>
    public string ChunkSize { get; init; } = "1MiB";

    /// <inheritdoc cref="ChunkSize"/>
    public string MemorySize { get; init; } = "128MiB";

    /// <inheritdoc cref="ChunkSize"/>
    public string DiskSize { get; init; } = "1GiB";

    public IEnumerable<string> CacheNames => Enumerable.Range(1, CacheNodes).Select(number => string.Create(CultureInfo.InvariantCulture, $"cache-{number}"));

    /// <summary>The settings that every process of the cluster has alike.</summary>
    public IEnumerable<KeyValuePair<string, string>> SharedSettings =>
    [
        new(Setting.ChunkSize, ChunkSize),
        new(Setting.MemorySize, MemorySize),
        new(Setting.Cluster, Names.Cluster),
    ];

    /// <summary>What clients find at the front end.</summary>
    public string FrontPage => OriginUrl is null ? "Sample films" : "Origin, through the proxy";

    /// <summary>The pool port of a member on this machine; null: any free one.</summary>
    public int? PoolPort(int index) => UsualPorts ? FirstPoolPort + index : null;

    /// <summary>Reads and validates the options.</summary>
    /// <returns>False: a value is wrong; <paramref name="problem"/> names its key.</returns>
    public static bool TryRead(IConfiguration configuration, [NotNullWhen(true)] out ClusterOptions? options, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            options = Read(configuration);
            problem = options.FindProblem();
        }
        catch (InvalidOperationException unreadable) // the binder's message names the key
        {
            options = null;
            problem = unreadable.Message;
        }

        return problem is null;
    }

    private static ClusterOptions Read(IConfiguration configuration)
    {
        var defaults = new ClusterOptions();
        return new ClusterOptions
        {
            CacheNodes = configuration.GetValue("Cluster:Nodes", defaults.CacheNodes),
            RedisEnabled = configuration.GetValue("Redis:Enabled", defaults.RedisEnabled),
            Servers = configuration.GetValue("Servers:From", defaults.Servers),
            OriginUrl = configuration.GetValue<Uri?>("Origin:Url"),
            WebPort = configuration.GetValue("Web:Port", defaults.WebPort),
            UsualPorts = configuration.GetValue("Ports:Usual", defaults.UsualPorts),
            StateDir = configuration.GetValue("State:Dir", defaults.StateDir),
            ChunkSize = configuration.GetValue("Sizes:Chunk", defaults.ChunkSize),
            MemorySize = configuration.GetValue("Sizes:Memory", defaults.MemorySize),
            DiskSize = configuration.GetValue("Sizes:Disk", defaults.DiskSize),
        };
    }

    private string? FindProblem() => this switch
    {
        { CacheNodes: < 0 or > MostCacheNodes } => $"Cluster:Nodes takes 0 to {MostCacheNodes}, not {CacheNodes}.",
        { WebPort: < 0 or > ushort.MaxValue } => $"Web:Port takes 0 to {ushort.MaxValue}, not {WebPort}.",
        { OriginUrl: { } url } when !url.IsAbsoluteUri || url.Scheme is not ("http" or "https") => $"Origin:Url takes an http or https URL, not '{url}'.",
        _ => new[] { ("Sizes:Chunk", ChunkSize), ("Sizes:Memory", MemorySize), ("Sizes:Disk", DiskSize) }
            .Where(size => !ByteSize.TryParse(size.Item2, out _))
            .Select(size => $"{size.Item1} takes {ByteSize.Expected}, not '{size.Item2}'.")
            .FirstOrDefault(),
    };
}
