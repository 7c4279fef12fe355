using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Purges;

/// <summary>How purges are stored and exchanged, under <c>ChunkProxy:Purges</c> in configuration.</summary>
public sealed class PurgeOptions
{
    public const string Section = CacheOptions.Section + ":Purges";

    /// <summary>
    /// A process without contact to the other members for this long (it hung, or was stopped) asks them for purges before it answers requests. A
    /// purge that a process does not confirm completes after this time. A process that starts with a disk tier waits at most this long for the first
    /// member to answer. All processes must have the same value.
    /// </summary>
    [Between("100 ms", "1 min")]
    public TimeSpan Lapse { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Most purged objects remembered; the latest are kept. About 100 bytes of memory and 32 of disk each. All processes must have the same value.
    /// </summary>
    [Between("16", "10,000,000")]
    public int Remembered { get; set; } = 100_000;

    /// <summary>
    /// Most purges by path, by prefix and by tag that are remembered; the latest are kept. At most some 3 KiB of memory and 1 KiB of disk each. All processes must
    /// have the same value.
    /// </summary>
    [Between("16", "10,000")]
    public int RememberedGroups { get; set; } = 1000;
}
