namespace ChunkProxy.Cache.Origin;

/// <summary>The directives of a <c>Cache-Control</c> field, or of a targeted field (RFC 9213), that apply to a shared cache.</summary>
/// <remarks>
/// A restricting directive counts wherever it appears, even inside quotation marks. A permitting directive counts only where it is certainly a
/// directive. Text added to a field can therefore never make a response more shareable or extend its freshness.
/// </remarks>
internal sealed record CacheDirectives
{
    /// <summary>The directives of an absent field.</summary>
    public static CacheDirectives None { get; } = new();

    public bool NoStore { get; init; }

    /// <summary><c>private</c> without a list of fields.</summary>
    public bool Private { get; init; }

    /// <summary><c>no-cache</c> without a list of fields.</summary>
    public bool NoCache { get; init; }

    public bool MustRevalidate { get; init; }

    public bool ProxyRevalidate { get; init; }

    /// <summary>
    /// Whether <c>public</c>, <c>must-revalidate</c> or <c>s-maxage</c> allows sharing the response to a request with credentials (RFC 9111 §3.5).
    /// </summary>
    public bool AllowsSharing { get; init; }

    public DirectiveTime MaxAge { get; init; }

    public DirectiveTime SharedMaxAge { get; init; }

    public DirectiveTime StaleWhileRevalidate { get; init; }

    public DirectiveTime StaleIfError { get; init; }

    /// <summary>Fields named by <c>private="…"</c> and <c>no-cache="…"</c>, which are not stored.</summary>
    public IReadOnlyCollection<string> WithheldFields { get; init; } = [];

    /// <summary>Whether the field contains at least one supported directive.</summary>
    public bool HasKnown { get; init; }

    /// <summary>Whether the field follows its grammar.</summary>
    public bool IsWellFormed { get; init; } = true;

    /// <summary>Whether a stale response must not be served without revalidation (RFC 9111 §4.2.4, §5.2.2.10).</summary>
    public bool ForbidsStale => MustRevalidate || ProxyRevalidate || NoCache || SharedMaxAge.Least is not null;
}
