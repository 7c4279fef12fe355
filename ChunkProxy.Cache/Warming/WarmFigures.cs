namespace ChunkProxy.Cache.Warming;

/// <summary>Chunks and bytes to be warmed, and those done.</summary>
internal readonly record struct WarmFigures(long Chunks, long ChunksDone, long Bytes, long BytesDone);
