namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Reason why Redis is not used, entirely or for publishing.</summary>
/// <param name="Reason">For people.</param>
/// <param name="Since">Start of the problem.</param>
internal sealed record RedisFailure(string Reason, DateTimeOffset Since);
