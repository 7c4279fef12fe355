using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Membership;

/// <summary>
/// Settings for etcd, under <c>ChunkProxy:Etcd:</c> in configuration. Its URLs and the key prefix are in <see cref="PoolOptions"/>.
/// </summary>
public sealed class EtcdOptions
{
    public const string Section = CacheOptions.Section + ":Etcd";

    /// <summary>How long a member stays one after its last sign of life. In whole seconds, as etcd requires; renewed every third of it.</summary>
    [Between("2 s", "10 min")]
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Name of the etcd user; none: no authentication.</summary>
    public string? Username { get; set; }

    /// <summary>Password of the etcd user.</summary>
    public string? Password { get; set; }

    /// <summary>File with the password, in its first line; replaces <see cref="Password"/>. Read again for each connection.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>
    /// Whether to enable authentication in etcd if it is disabled there, with this password for etcd's user <c>root</c>. For an etcd that serves this
    /// cluster only. An etcd that has lost its data is protected again by the first member that connects.
    /// </summary>
    public bool EnableAuthentication { get; set; }

    /// <summary>PEM file of the authorities that may sign etcd's certificate; none: those that the system trusts.</summary>
    public string? CaFile { get; set; }

    /// <summary>How often all members are read, in addition to the watch.</summary>
    [Between("1 s", "10 min")]
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long etcd may take to answer before the next endpoint is tried.</summary>
    [Between("100 ms", "1 min")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Membership changes within this time are applied as one.</summary>
    [Between("0", "10 s")]
    public TimeSpan ChangeDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a member that has left is still asked for chunks that it owned.</summary>
    [Between("0", "10 min")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often etcd is probed and the lease is renewed.</summary>
    /// <remarks>
    /// A third of the lease: two renewals may be lost before the others drop this process, and an outage of etcd is noticed before any lease ends.
    /// </remarks>
    internal TimeSpan RenewInterval => LeaseTtl / 3;

    /// <summary>Returns the password; null if there is none.</summary>
    internal string? ReadPassword() => SharedSecret.TextsOf(Password, PasswordFile) is [var first, ..] ? first : null;
}
