using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Popularity;

/// <summary>When a process keeps chunks that it does not own, under <c>ChunkProxy:NearCopies</c> in configuration.</summary>
public sealed class NearCopyOptions
{
    public const string Section = CacheOptions.Section + ":NearCopies";

    /// <summary>
    /// Number of reads, within about the last <see cref="HalfLife"/>, from which a chunk is popular enough for a copy; 0: never.
    /// </summary>
    [Between("0", "1,000,000")]
    public int Threshold { get; set; } = 8;

    /// <summary>Time in which counted reads lose half of their weight.</summary>
    [Between("100 ms", "1 h")]
    public TimeSpan HalfLife { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Share of the memory budget that copies may take in a process that also owns chunks: 0 to 1. In a process that owns none, copies may take all
    /// of it.
    /// </summary>
    [Between("0", "1")]
    public double Share { get; set; } = 0.25;
}
