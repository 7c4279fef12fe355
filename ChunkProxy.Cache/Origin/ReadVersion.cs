using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>The version that a response is of, and whether the response may be shared.</summary>
internal readonly record struct ReadVersion(ObjectVersion Version, StoringVerdict Verdict);
