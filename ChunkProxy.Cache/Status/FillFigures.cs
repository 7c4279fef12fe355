using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>A retrieval under way.</summary>
internal sealed record FillFigures(string Path, long Chunk, int FilledBytes, int LengthBytes, ChunkSource Source);
