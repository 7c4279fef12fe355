using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>The version described by a response, and whether the response may be shared.</summary>
internal readonly record struct ReadVersion(ObjectVersion Version, StoringVerdict Verdict);
