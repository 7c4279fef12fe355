namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>What this process did last to have a chunk in Redis.</summary>
/// <param name="At">When, as a timestamp of the time provider.</param>
/// <param name="IsThere">It was there then.</param>
internal readonly record struct SuperHotOffer(long At, bool IsThere);
