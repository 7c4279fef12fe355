using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Settings of the shared tier, <c>ChunkProxy:SuperHot</c> in configuration. <see cref="CacheOptions.Redis"/> has the address.</summary>
public sealed class SuperHotOptions
{
    public const string Section = CacheOptions.Section + ":SuperHot";

    /// <summary>Reads in one process, counted as for near copies, from which on it publishes a chunk or extends its lifetime.</summary>
    [Between("1", "1,000,000")]
    public int Threshold { get; set; } = 16;

    /// <summary>Bytes that all processes together may publish. Beyond, publications wait until chunks expire.</summary>
    [Between("1B")]
    public ByteSize Size { get; set; } = ByteSize.MiB(192);

    /// <summary>Lifetime of a published chunk. A chunk that is still hot is published again.</summary>
    [Between("1 s", "1 d")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Timeout of a Redis request. A read that exceeds it goes to the owner.</summary>
    [Between("1 ms", "10 s")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Interval of probes after a failure, and of reads of the list of published chunks.</summary>
    [Between("10 ms", "1 h")]
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Concurrent reads and publications. Beyond, chunks are read without Redis.</summary>
    [Between("1", "1,000")]
    public int Concurrency { get; set; } = 8;
}
