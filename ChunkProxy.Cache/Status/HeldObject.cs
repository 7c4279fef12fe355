namespace ChunkProxy.Cache.Status;

/// <summary>An object of which a process has chunks in memory.</summary>
/// <param name="Hits">How loved its chunks are: the sum of what the eviction policy remembers of each.</param>
internal sealed record HeldObject(string Path, long SizeBytes, long CachedChunks, long Hits);
