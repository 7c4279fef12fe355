using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Membership;

/// <summary>How etcd is spoken to, under <c>ChunkProxy:Etcd:</c> in configuration. Where it is and the key prefix are in <see cref="PoolOptions"/>.</summary>
public sealed class EtcdOptions
{
    public const string Section = CacheOptions.Section + ":Etcd";

    /// <summary>How long after its last sign of life a member is still one. In whole seconds, as etcd counts them; renewed each third of it.</summary>
    [Between("2 s", "10 min")]
    public TimeSpan LeaseTtl { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Name of the etcd user; none: no authentication.</summary>
    public string? Username { get; set; }

    /// <summary>Password of the etcd user.</summary>
    public string? Password { get; set; }

    /// <summary>PEM file of the authorities that may have signed etcd's certificate; none: those the system trusts.</summary>
    public string? CaFile { get; set; }

    /// <summary>How often all members are read, besides watching for changes.</summary>
    [Between("1 s", "10 min")]
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long etcd may take to answer before the next endpoint is tried.</summary>
    [Between("100 ms", "1 min")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Changes of membership this close together are applied as one.</summary>
    [Between("0", "10 s")]
    public TimeSpan ChangeDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a member that has left is still asked for chunks it owned.</summary>
    [Between("0", "10 min")]
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often etcd has to give a sign of life, and the lease is renewed.</summary>
    /// <remarks>A third of the lease: two renewals may be lost before the others give this process up, and an outage of etcd is noticed before any lease ends.</remarks>
    internal TimeSpan Beat => LeaseTtl / 3;
}
