namespace ChunkProxy.Cache.Reads;

/// <summary>The source of a read, for Cache-Status, traces and metrics.</summary>
/// <param name="Source">Where the bytes come from.</param>
/// <param name="Collapsed">Whether the read joined a retrieval that another read had started.</param>
public readonly record struct ReadReport(ChunkSource Source, bool Collapsed);
