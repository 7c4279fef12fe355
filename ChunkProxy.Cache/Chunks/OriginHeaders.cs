namespace ChunkProxy.Cache.Chunks;

/// <summary>What the origin's answer said of a version, beside its bytes.</summary>
public sealed class OriginHeaders
{
    /// <summary>The entity tag as sent, strong or weak, or none.</summary>
    public string? ETag { get; init; }

    /// <summary>The date in <c>Last-Modified</c>; null if there is none that can be read.</summary>
    public DateTimeOffset? LastModified { get; init; }

    /// <summary><c>Last-Modified</c> as sent, for clients and for conditional requests; null if the origin sent none.</summary>
    public string? LastModifiedField { get; init; }

    /// <summary><c>Date</c> as sent, or the time of receipt where the origin sent none that can be read (RFC 9110 §6.6.1).</summary>
    public string? Date { get; init; }

    /// <summary>
    /// The end-to-end fields to hand on to clients, in the origin's order: hop-by-hop fields and those that describe one message
    /// (Content-Length, Content-Range, Date, Age, ETag, Last-Modified, Accept-Ranges) are left out.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> EndToEnd { get; init; } = [];

    /// <summary>When the origin made the answer: the time of receipt less the age it had then (RFC 9111 §4.2.3). <c>Age</c> counts from here.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Until when the origin need not be asked whether this is still the version (RFC 9111 §4.2).</summary>
    public required DateTimeOffset FreshUntil { get; init; }

    /// <summary>Until when a stale version is served while the origin is asked (RFC 5861 §3); not after <see cref="FreshUntil"/> where the origin does not allow it.</summary>
    public DateTimeOffset StaleWhileRevalidateUntil { get; init; }

    /// <summary>Until when a stale version is served while the origin cannot be asked (RFC 5861 §4); not after <see cref="FreshUntil"/> where the origin forbids it.</summary>
    public DateTimeOffset StaleIfErrorUntil { get; init; }

    /// <summary>Which requests these fields are for; null: for every request.</summary>
    public Variant? Variant { get; init; }

    /// <summary>
    /// A random number of the response that opened the version, where the origin sends no validator; else null. Without a validator nothing says that
    /// two responses have the same bytes, so each response that opens the object begins a version of its own.
    /// </summary>
    public long? Opening { get; init; }
}
