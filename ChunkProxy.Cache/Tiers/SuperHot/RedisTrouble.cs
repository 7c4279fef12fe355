namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Why Redis is not used at the moment, or not for everything.</summary>
/// <param name="Reason">In words, for people.</param>
/// <param name="Since">When it began.</param>
internal sealed record RedisTrouble(string Reason, DateTimeOffset Since);
