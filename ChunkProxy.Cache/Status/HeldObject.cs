namespace ChunkProxy.Cache.Status;

/// <summary>An object with chunks in a process's memory.</summary>
/// <param name="Hits">Popularity: sum of the recent hits of its chunks, as the eviction policy counts them.</param>
internal sealed record HeldObject(string Path, long SizeBytes, long CachedChunks, long Hits);
