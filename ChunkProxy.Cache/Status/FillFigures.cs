using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>A running fill.</summary>
/// <param name="Member">Member that runs the fill. Null in a process's own report.</param>
internal sealed record FillFigures(string Path, long Chunk, int FilledBytes, int LengthBytes, ChunkSource Source, string? Member = null);
