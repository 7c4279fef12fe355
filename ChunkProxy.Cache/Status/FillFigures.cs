using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>A retrieval under way.</summary>
/// <param name="Member">Where it is under way; null in what a process says of itself.</param>
internal sealed record FillFigures(string Path, long Chunk, int FilledBytes, int LengthBytes, ChunkSource Source, string? Member = null);
