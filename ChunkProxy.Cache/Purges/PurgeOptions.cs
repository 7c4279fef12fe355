using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Purges;

/// <summary>How purges are kept and told, under <c>ChunkProxy:Purges</c> in configuration.</summary>
public sealed class PurgeOptions
{
    public const string Section = CacheOptions.Section + ":Purges";

    /// <summary>
    /// A process that has not heard from the other members for so long (it hung, or was stopped) asks them for purges before it answers, and a purge that
    /// somebody does not confirm is answered after this time. A process that starts with a disk waits at most so long for the first member to answer. The same for all.
    /// </summary>
    [Between("100 ms", "1 min")]
    public TimeSpan Lapse { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Purged objects that are remembered, the latest; some 100 bytes of memory and 32 of disk each. The same for all.</summary>
    [Between("16", "10,000,000")]
    public int Remembered { get; set; } = 100_000;
}
