namespace ChunkProxy.Cache.Warming;

/// <summary>What is to be warmed, and what of it is where it belongs.</summary>
internal readonly record struct WarmFigures(long Chunks, long ChunksDone, long Bytes, long BytesDone);
