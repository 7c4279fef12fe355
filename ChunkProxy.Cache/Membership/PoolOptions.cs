using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Membership;

/// <summary>The cluster that a process belongs to, under <c>ChunkProxy:</c> in configuration.</summary>
/// <remarks>Without <see cref="PoolPeers"/> and <see cref="Coord"/> a process stands alone: it owns every chunk and opens no pool port.</remarks>
public sealed class PoolOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>The value of <see cref="PoolAddr"/> for a front end that owns nothing.</summary>
    public const string None = "none";

    /// <summary>Host and port at which other members reach this one; or <see cref="None"/>.</summary>
    public string PoolAddr { get; set; } = "127.0.0.1:7070";

    /// <summary>Display name of this member on the status page, in logs and in traces, beside its address.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// Where the pool listens, if not at <see cref="PoolAddr"/>: host and port, or <c>:port</c>
    /// for every address. For containers, which are reached at another address than their own.
    /// </summary>
    public string? PoolListen { get; set; }

    /// <summary>
    /// A secret that all members share, at least <see cref="ShortestKey"/> characters. It never leaves the process: members prove to each other that
    /// they have it. None: every client that reaches the pool's port is accepted as a member.
    /// </summary>
    public string? PoolKey { get; set; }

    /// <summary>
    /// A file with the secret, instead of <see cref="PoolKey"/>. Each line is a secret, up to <see cref="MostKeys"/>: the first one proves, all are
    /// accepted. White space around a line is ignored.
    /// </summary>
    public string? PoolKeyFile { get; set; }

    /// <summary>PEM file with this member's certificate (chain); enables TLS on the pool. All members must set it, or none.</summary>
    public string? PoolCertificate { get; set; }

    /// <summary>PEM file with the certificate's private key, if the certificate's file does not contain it.</summary>
    public string? PoolCertificateKey { get; set; }

    /// <summary>PEM file with the authorities that sign the members' certificates; enables mutual TLS between members.</summary>
    public string? PoolAuthority { get; set; }

    /// <summary>
    /// Hosts that certificates of other processes may name, comma-separated, besides the hosts
    /// of members: for front ends, which are not members. Requires <see cref="PoolAuthority"/>.
    /// </summary>
    public string? PoolCertificateNames { get; set; }

    /// <summary>Lets the pool listen beyond loopback without authentication of members: every client that reaches its port is accepted.</summary>
    public bool PoolOpen { get; set; }

    /// <summary>
    /// Members of a static cluster, including this one: host and port each, comma-separated; with a name as <c>cache-1=10.0.0.1:7070</c>.
    /// </summary>
    public string? PoolPeers { get; set; }

    /// <summary>URLs of the etcd of a dynamic cluster, comma-separated.</summary>
    public string? Coord { get; set; }

    /// <summary>Key prefix of the cluster in etcd. Processes with the same prefix find each other.</summary>
    public string Cluster { get; set; } = "clusters/chunkproxy";

    /// <summary>
    /// This member's capacity relative to the others, above zero; for a dynamic cluster. Members of a static one have equal weights.
    /// </summary>
    public double Weight { get; set; } = 1;

    /// <summary>Minimum characters of a key. A shorter key could be guessed from one message that it authenticates.</summary>
    internal const int ShortestKey = 16;

    /// <summary>Maximum number of keys: the current one, the next or the previous one, and some to spare.</summary>
    internal const int MostKeys = 4;

    /// <summary>Members are authenticated, by a key or by certificates.</summary>
    internal bool ProvesMembers => PoolKey is { Length: > 0 } || PoolKeyFile is { Length: > 0 } || PoolAuthority is { Length: > 0 };

    /// <summary>The parts of <see cref="PoolCertificateNames"/>.</summary>
    internal IReadOnlyList<string> CertificateNames => SettingText.ListOf(PoolCertificateNames);

    /// <summary>Neither a static nor a dynamic cluster is configured.</summary>
    public bool IsStandAlone => Peers is [] && CoordUrls is [];

    /// <summary>This process is a front end, and owns no chunk.</summary>
    public bool OwnsNothing => string.Equals(PoolAddr, None, StringComparison.OrdinalIgnoreCase);

    /// <summary>The parts of <see cref="PoolPeers"/>.</summary>
    public IReadOnlyList<string> Peers => SettingText.ListOf(PoolPeers);

    /// <summary>The parts of <see cref="Coord"/>.</summary>
    public IReadOnlyList<string> CoordUrls => SettingText.ListOf(Coord);
}
