namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Last attempt of this process to publish a chunk.</summary>
/// <param name="At">Timestamp of the time provider.</param>
/// <param name="IsThere">Whether Redis held the chunk then.</param>
internal readonly record struct SuperHotOffer(long At, bool IsThere);
