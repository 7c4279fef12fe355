namespace ChunkProxy.Web.Operations.Status;

/// <summary>An object of which chunks are in memory somewhere.</summary>
internal sealed record ObjectStats(string Path, long SizeBytes, long CachedChunks, long Hits);
