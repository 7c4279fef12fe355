using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Warming;

/// <summary>How hard chunks are fetched that nobody reads yet, under <c>ChunkProxy:Warm:</c> in configuration.</summary>
public sealed class WarmOptions
{
    public const string Section = CacheOptions.Section + ":Warm";

    /// <summary>Chunks that one member fetches at a time because it was asked to warm, whoever asked: Never more than a quarter of the connections to the origin.</summary>
    [Between("1", "1,000")]
    public int Concurrency { get; set; } = 4;

    /// <summary>Tries for a chunk before warming fails, the first included.</summary>
    [Between("1", "20")]
    public int Attempts { get; set; } = 5;

    /// <summary>Pause before the second try, doubled before each further one.</summary>
    [Between("0", "1 min")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(500);
}
