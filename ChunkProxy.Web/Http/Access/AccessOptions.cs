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
}
