using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Popularity;

/// <summary>When a process keeps chunks that it does not own, under <c>ChunkProxy:NearCopies</c> in configuration.</summary>
public sealed class NearCopyOptions
{
    public const string Section = CacheOptions.Section + ":NearCopies";

    /// <summary>Reads, counted over about the last <see cref="HalfLife"/>, from which on a chunk is super hot and a copy is kept; 0: never.</summary>
    [Between("0", "1,000,000")]
    public int Threshold { get; set; } = 8;

    /// <summary>Time in which what was counted loses half of its weight.</summary>
    [Between("100 ms", "1 h")]
    public TimeSpan HalfLife { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Part of the memory budget that copies may take in a process that owns chunks too: 0 to 1. One that owns nothing has no better use for its memory.</summary>
    [Between("0", "1")]
    public double Share { get; set; } = 0.25;
}
