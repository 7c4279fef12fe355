namespace ChunkProxy.Web.Operations.Status;

/// <summary>How questions to Redis ended.</summary>
internal sealed record SuperHotEndings(IReadOnlyDictionary<string, long> ByOutcome);
