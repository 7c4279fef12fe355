using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Warming;

/// <summary>How hard chunks are fetched that nobody reads yet, under <c>ChunkProxy:Warm:</c> in configuration.</summary>
public sealed class WarmOptions
{
    public const string Section = CacheOptions.Section + ":Warm";

    /// <summary>Chunks that one member fetches at a time because it was asked to warm, whoever asked: 1 to 1,000. Never more than a quarter of the connections to the origin.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>Tries for a chunk before warming fails, the first included: 1 to 20.</summary>
    public int Attempts { get; set; } = 5;

    /// <summary>Pause before the second try, doubled before each further one: 0 to a minute.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromMilliseconds(500);
}
