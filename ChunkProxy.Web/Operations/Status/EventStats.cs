namespace ChunkProxy.Web.Operations.Status;

/// <summary>Something that happened, <paramref name="Count"/> times in a row.</summary>
internal sealed record EventStats(DateTimeOffset LastAt, string Kind, string Subject, string Ending, int Count);
