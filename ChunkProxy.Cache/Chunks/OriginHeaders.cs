namespace ChunkProxy.Cache.Chunks;

/// <summary>What the origin's response says about a version, apart from its bytes.</summary>
public sealed class OriginHeaders
{
    /// <summary>The entity tag as sent, strong or weak; null if the origin sent none.</summary>
    public string? ETag { get; init; }

    /// <summary>The date in <c>Last-Modified</c>; null if it is missing or invalid.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary><c>Last-Modified</c> as sent, for clients and for conditional requests; null if the origin sent none.</summary>
    public string? LastModifiedField { get; init; }

    /// <summary><c>Date</c> as sent; the time of receipt if the origin sent none that is valid (RFC 9110 §6.6.1).</summary>
    public string? Date { get; init; }

    /// <summary>
    /// End-to-end fields that are forwarded to clients, in the origin's order. Hop-by-hop fields and those that describe one message
    /// (Content-Length, Content-Range, Date, Age, ETag, Last-Modified, Accept-Ranges) are excluded.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> EndToEnd { get; init; } = [];

    /// <summary>
    /// When the origin generated the response: the time of receipt minus its age then (RFC 9111 §4.2.3). <c>Age</c> counts from here.
    /// </summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Until when the version is fresh, so that the origin need not be asked (RFC 9111 §4.2).</summary>
    public required DateTimeOffset FreshUntil { get; init; }

    /// <summary>
    /// Until when a stale version is served during revalidation (RFC 5861 §3). Not after <see cref="FreshUntil"/> unless the origin allows it.
    /// </summary>
    public DateTimeOffset StaleWhileRevalidateUntil { get; init; }

    /// <summary>
    /// Until when a stale version is served on origin errors (RFC 5861 §4). Not after <see cref="FreshUntil"/> if the origin forbids it.
    /// </summary>
    public DateTimeOffset StaleIfErrorUntil { get; init; }

    /// <summary>The requests that these fields are for; null: every request.</summary>
    public Variant? Variant { get; init; }

    /// <summary>
    /// Random number of the response that opened the version, if the origin sends no validator; else null. Without a validator, two responses
    /// cannot be known to have the same bytes, so each response that opens the object begins a new version.
    /// </summary>
    public long? Opening { get; init; }

    /// <summary>The tags by which operators purge the object.</summary>
    internal ObjectTags Tags { get; init; } = ObjectTags.None;

    /// <summary>Memory of the fields, in bytes. An entity tag counts four times: it is in the validator and in the version's token, too.</summary>
    internal long Weight =>
        (8L * (ETag?.Length ?? 0))
        + (2L * ((LastModifiedField?.Length ?? 0) + (Date?.Length ?? 0)))
        + Tags.Weight
        + EndToEnd.Sum(it => 80L + (2 * (it.Key.Length + it.Value.Length)))
        + (Variant is { } variant ? 256L + (2 * variant.Length) : 0);
}
