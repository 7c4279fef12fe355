using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Who may read objects, under <c>ChunkProxy:Access</c> in configuration.</summary>
public sealed class AccessOptions
{
    public const string Section = CacheOptions.Section + ":Access";

    /// <summary>
    /// File with the keys of signed URLs, one per line: the first one signs, all are accepted. With it, a request without a valid signature gets 403.
    /// The file is read again while the process runs.
    /// </summary>
    public string? UrlKeyFile { get; set; }

    /// <summary>The key file is read again for the first request after this time.</summary>
    [Between("1 s", "1 h")]
    public TimeSpan RereadAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Addresses and networks (CIDR) of clients that may read, separated by commas. Null: all.</summary>
    public string? Allow { get; set; }

    /// <summary>Addresses and networks of clients that may not read, separated by commas. They come before <see cref="Allow"/>.</summary>
    public string? Deny { get; set; }

    /// <summary>
    /// JSON Web Key Set (RFC 7517) with the keys of bearer tokens. With it, a request without a valid token (<c>Authorization: Bearer</c>, RFC 6750, a JWT)
    /// gets 401. The file is read again while the process runs.
    /// </summary>
    public string? BearerKeysFile { get; set; }

    /// <summary>The issuer's URL, whose metadata (OpenID Connect Discovery) names the keys; instead of a file.</summary>
    public Uri? BearerAuthority { get; set; }

    /// <summary>The issuer that tokens must name (<c>iss</c>). Default: that of the authority's metadata.</summary>
    public string? BearerIssuer { get; set; }

    /// <summary>Audiences, separated by commas, of which tokens must name one (<c>aud</c>).</summary>
    public string? BearerAudience { get; set; }

    /// <summary>Scopes, separated by commas, which tokens must all have (<c>scope</c> or <c>scp</c>). Null: none.</summary>
    public string? BearerScope { get; set; }

    /// <summary>Claims <c>name=value</c>, separated by commas, which tokens must all have. Null: none.</summary>
    public string? BearerClaims { get; set; }

    /// <summary>Whether bearer tokens are checked.</summary>
    internal bool HasBearer => !string.IsNullOrEmpty(BearerKeysFile) || BearerAuthority is not null;
}
