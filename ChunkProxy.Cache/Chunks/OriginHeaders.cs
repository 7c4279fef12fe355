namespace ChunkProxy.Cache.Chunks;

/// <summary>What the origin's answer said of a version, beside its bytes.</summary>
public sealed class OriginHeaders
{
    /// <summary>The entity tag as sent, strong or weak, or none.</summary>
    public string? ETag { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>
    /// The end-to-end fields to hand on to clients, in the origin's order: hop-by-hop fields and those that describe one message
    /// (Content-Length, Content-Range, Date, Age, ETag, Last-Modified, Accept-Ranges) are left out.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> EndToEnd { get; init; } = [];

    /// <summary>When the origin made the answer: the time of receipt less the Age it carried. <c>Age</c> counts from here.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Until when the origin need not be asked whether this is still the version (Cache-Control, Expires, or the configured default).</summary>
    public required DateTimeOffset FreshUntil { get; init; }
}
