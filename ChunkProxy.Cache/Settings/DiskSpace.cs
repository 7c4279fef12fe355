namespace ChunkProxy.Cache.Settings;

/// <summary>Bytes that a cache in a directory can occupy.</summary>
/// <param name="Least">As far as known.</param>
/// <param name="Most">What it cannot exceed.</param>
internal readonly record struct DiskSpace(long Least, long Most);
