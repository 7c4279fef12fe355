namespace ChunkProxy.Cache.Origin;

/// <summary>What a <c>Cache-Control</c> field, or a targeted one (RFC 9213), says to a shared cache.</summary>
/// <remarks>
/// Directives that limit count wherever they stand, inside quotation marks too. Directives that allow something count only where it is certain
/// that they are directives. So no text that is added to a field makes its response more shareable, or longer fresh.
/// </remarks>
internal sealed record CacheDirectives
{
    /// <summary>No field.</summary>
    public static CacheDirectives None { get; } = new();

    public bool NoStore { get; init; }

    /// <summary><c>private</c> without a list of fields.</summary>
    public bool Private { get; init; }

    /// <summary><c>no-cache</c> without a list of fields.</summary>
    public bool NoCache { get; init; }

    public bool MustRevalidate { get; init; }

    public bool ProxyRevalidate { get; init; }

    /// <summary>Allows a response to a request with credentials to be shared (RFC 9111 §3.5): <c>public</c>, <c>must-revalidate</c> or <c>s-maxage</c>.</summary>
    public bool AllowsSharing { get; init; }

    public DirectiveTime MaxAge { get; init; }

    public DirectiveTime SharedMaxAge { get; init; }

    public DirectiveTime StaleWhileRevalidate { get; init; }

    public DirectiveTime StaleIfError { get; init; }

    /// <summary>Fields that <c>private="…"</c> and <c>no-cache="…"</c> name: they are not kept.</summary>
    public IReadOnlyCollection<string> WithheldFields { get; init; } = [];

    /// <summary>The field has at least one directive that is known here.</summary>
    public bool HasKnown { get; init; }

    /// <summary>The field breaks no rule of its grammar.</summary>
    public bool IsWellFormed { get; init; } = true;

    /// <summary>A stale response is never served without asking the origin (RFC 9111 §4.2.4, §5.2.2.10).</summary>
    public bool ForbidsStale => MustRevalidate || ProxyRevalidate || NoCache || SharedMaxAge.Least is not null;
}
