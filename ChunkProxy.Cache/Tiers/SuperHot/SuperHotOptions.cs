using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>The shared tier for super-hot chunks in Redis, under <c>ChunkProxy:SuperHot</c> in configuration. Where it is stands in <see cref="CacheOptions.Redis"/>.</summary>
public sealed class SuperHotOptions
{
    public const string Section = CacheOptions.Section + ":SuperHot";

    /// <summary>Reads in one process, counted as for near copies, from which on it publishes a chunk, or prolongs its stay.</summary>
    [Between("1", "1,000,000")]
    public int Threshold { get; set; } = 16;

    /// <summary>Bytes that all processes together may publish; what comes beyond waits until something has expired.</summary>
    [Between("1B")]
    public ByteSize Size { get; set; } = ByteSize.MiB(192);

    /// <summary>How long a published chunk stays; one that is still hot is published again.</summary>
    [Between("1 s", "1 d")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest wait for Redis; a read that takes longer goes to the owner.</summary>
    [Between("1 ms", "10 s")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>After a failure Redis is left alone until it answers again, which is tried this often; the list of published chunks is read as often.</summary>
    [Between("10 ms", "1 h")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Chunks read and published at one time; what comes beyond goes without Redis.</summary>
    [Between("1", "1,000")]
    public int Concurrency { get; set; } = 8;
}
