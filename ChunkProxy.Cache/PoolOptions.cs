namespace ChunkProxy.Cache;

/// <summary>Which cluster a process belongs to, under <c>ChunkProxy:</c> in configuration.</summary>
/// <remarks>Without <see cref="PoolPeers"/> and <see cref="Coord"/> a process stands alone: it owns every chunk and opens no pool port.</remarks>
public sealed class PoolOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>The value of <see cref="PoolAddr"/> for a front end that owns nothing.</summary>
    public const string None = "none";

    /// <summary>Where other members reach this one, host and port; or <see cref="None"/>.</summary>
    public string PoolAddr { get; set; } = "127.0.0.1:7070";

    /// <summary>Members of a static cluster, this one included: host and port each, separated by commas.</summary>
    public string? PoolPeers { get; set; }

    /// <summary>URLs of the etcd that keeps a dynamic cluster, separated by commas.</summary>
    public string? Coord { get; set; }

    /// <summary>Key prefix of the cluster in etcd: processes with the same one find each other.</summary>
    public string Cluster { get; set; } = "clusters/chunkproxy";

    /// <summary>This member's capacity relative to the others, above zero; told to a dynamic cluster. Members of a static one count the same.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Neither a static nor a dynamic cluster is named.</summary>
    public bool StandsAlone => Peers is [] && CoordUrls is [];

    /// <summary>This process takes part as a front end and owns no chunk.</summary>
    public bool OwnsNothing => string.Equals(PoolAddr, None, StringComparison.OrdinalIgnoreCase);

    /// <summary>The parts of <see cref="PoolPeers"/>.</summary>
    public IReadOnlyList<string> Peers => Split(PoolPeers);

    /// <summary>The parts of <see cref="Coord"/>.</summary>
    public IReadOnlyList<string> CoordUrls => Split(Coord);

    private static string[] Split(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
