using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Warming;

/// <summary>Settings of warming, <c>ChunkProxy:Warm:</c> in configuration.</summary>
public sealed class WarmOptions
{
    public const string Section = CacheOptions.Section + ":Warm";

    /// <summary>Chunks that a member fetches concurrently for all warm requests. At most a quarter of the connections to the origin.</summary>
    [Between("1", "1,000")]
    public int Concurrency { get; set; } = 4;

    /// <summary>Attempts per chunk before warming fails, including the first.</summary>
    [Between("1", "20")]
    public int Attempts { get; set; } = 5;

    /// <summary>Pause before the second attempt. Doubles before each further one.</summary>
    [Between("0", "1 min")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(500);
}
