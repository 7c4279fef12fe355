namespace ChunkProxy.Cache.Origin;

/// <summary>Whether a response may be stored, and how long it may be reused.</summary>
/// <param name="Verdict">Whether the response may be stored and shared.</param>
/// <param name="GeneratedAt">When the origin generated the response.</param>
/// <param name="FreshUntil">End of freshness: until then the response is reused without revalidation.</param>
/// <param name="StaleWhileRevalidateUntil">Until when the stale response is served during a revalidation.</param>
/// <param name="StaleIfErrorUntil">Until when the stale response is served if the origin fails.</param>
/// <param name="Withheld">Fields that must not be stored.</param>
internal sealed record CachingDecision(
    StoringVerdict Verdict,
    DateTimeOffset GeneratedAt,
    DateTimeOffset FreshUntil,
    DateTimeOffset StaleWhileRevalidateUntil,
    DateTimeOffset StaleIfErrorUntil,
    IReadOnlyCollection<string> Withheld);
