namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>What a purge removed in one process.</summary>
/// <param name="Chunks">Chunks that were in memory or on disk; a chunk in both counts once.</param>
/// <param name="Bytes">Bytes freed, in memory and on disk together.</param>
internal readonly record struct PurgeResult(int Chunks, long Bytes);
