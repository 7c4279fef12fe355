using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Membership;

/// <summary>Which cluster a process belongs to, under <c>ChunkProxy:</c> in configuration.</summary>
/// <remarks>Without <see cref="PoolPeers"/> and <see cref="Coord"/> a process stands alone: it owns every chunk and opens no pool port.</remarks>
public sealed class PoolOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>The value of <see cref="PoolAddr"/> for a front end that owns nothing.</summary>
    public const string None = "none";

    /// <summary>Where other members reach this one, host and port; or <see cref="None"/>.</summary>
    public string PoolAddr { get; set; } = "127.0.0.1:7070";

    /// <summary>What people call this member: in the status page, logs and traces, beside its address.</summary>
    public string? Name { get; set; }

    /// <summary>Where the pool listens, if not at <see cref="PoolAddr"/>: host and port, or <c>:port</c> for every address. For containers, whose own address is not the one they are reached at.</summary>
    public string? PoolListen { get; set; }

    /// <summary>
    /// A secret that all members share, at least <see cref="ShortestKey"/> characters. It never leaves the process: members prove to each other that they have it. None: everyone who
    /// reaches the pool's port is taken for a member.
    /// </summary>
    public string? PoolKey { get; set; }

    /// <summary>
    /// A file with the secret, in place of <see cref="PoolKey"/>. Each line is a secret, up to <see cref="MostKeys"/>: the first proves, all are accepted. White space around a line does not count.
    /// </summary>
    public string? PoolKeyFile { get; set; }

    /// <summary>PEM file with this member's certificate (chain); with it the pool speaks TLS. All members the same way.</summary>
    public string? PoolCertificate { get; set; }

    /// <summary>PEM file with the certificate's private key, if it is not in the same file.</summary>
    public string? PoolCertificateKey { get; set; }

    /// <summary>PEM file with the authorities that sign the members' certificates; with it members must show one to each other (mutual TLS).</summary>
    public string? PoolAuthority { get; set; }

    /// <summary>Hosts that other processes' certificates may name, separated by commas, besides the hosts of members: for front ends, which are no members. Only with <see cref="PoolAuthority"/>.</summary>
    public string? PoolCertificateNames { get; set; }

    /// <summary>The pool may listen beyond loopback though nothing proves who is a member: everyone who reaches its port is believed.</summary>
    public bool PoolOpen { get; set; }

    /// <summary>Members of a static cluster, including this one: host and port each, separated by commas; with a name as <c>cache-1=10.0.0.1:7070</c>.</summary>
    public string? PoolPeers { get; set; }

    /// <summary>URLs of the etcd that keeps a dynamic cluster, separated by commas.</summary>
    public string? Coord { get; set; }

    /// <summary>Key prefix of the cluster in etcd: processes with the same one find each other.</summary>
    public string Cluster { get; set; } = "clusters/chunkproxy";

    /// <summary>This member's capacity relative to the others, above zero; told to a dynamic cluster. Members of a static one count the same.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>A key of fewer characters could be guessed from one message that it proves.</summary>
    internal const int ShortestKey = 16;

    /// <summary>The key in use, the next one or the last one, and some to spare.</summary>
    internal const int MostKeys = 4;

    /// <summary>Who is a member is proved, by a key or by certificates.</summary>
    internal bool ProvesMembers => PoolKey is { Length: > 0 } || PoolKeyFile is { Length: > 0 } || PoolAuthority is { Length: > 0 };

    /// <summary>The parts of <see cref="PoolCertificateNames"/>.</summary>
    internal IReadOnlyList<string> CertificateNames => Split(PoolCertificateNames);

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
