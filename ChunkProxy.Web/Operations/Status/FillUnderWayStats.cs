namespace ChunkProxy.Web.Operations.Status;

/// <summary>A retrieval under way.</summary>
internal sealed record FillUnderWayStats(string Member, string Path, long Chunk, int FilledBytes, int LengthBytes, string Source);
