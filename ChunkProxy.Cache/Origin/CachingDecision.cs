namespace ChunkProxy.Cache.Origin;

/// <summary>What the origin's fields say about keeping a response, and about using it again.</summary>
/// <param name="Verdict">May it be shared?</param>
/// <param name="GeneratedAt">When the origin made it.</param>
/// <param name="FreshUntil">Until when it is used without asking.</param>
/// <param name="StaleWhileRevalidateUntil">Until when it is used while the origin is asked.</param>
/// <param name="StaleIfErrorUntil">Until when it is used while the origin cannot be asked.</param>
/// <param name="Withheld">Fields that may not be kept.</param>
internal sealed record CachingDecision(
    StoringVerdict Verdict,
    DateTimeOffset GeneratedAt,
    DateTimeOffset FreshUntil,
    DateTimeOffset StaleWhileRevalidateUntil,
    DateTimeOffset StaleIfErrorUntil,
    IReadOnlyCollection<string> Withheld);
