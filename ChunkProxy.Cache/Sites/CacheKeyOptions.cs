using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>Which part of a request is the cache key, under <c>ChunkProxy:CacheKey</c> in configuration. All members need the same values.</summary>
[Inheritance(Inheritance.AsAWhole)]
public sealed class CacheKeyOptions
{
    public const string Section = CacheOptions.Section + ":CacheKey";

    /// <summary>Whether the query is part of the key.</summary>
    public KeyQuery Query { get; set; }

    /// <summary>
    /// Names of the only query parameters that are part of the key, separated by commas; <c>name*</c>: all names with this beginning. Null: all.
    /// </summary>
    public string? Only { get; set; }

    /// <summary>Names of query parameters that are not part of the key, in the same form. Null: none.</summary>
    public string? Ignore { get; set; }

    /// <summary>Whether the parameters are sorted by name in the key, so that their order in the request does not matter.</summary>
    public bool Sort { get; set; }

    /// <summary>
    /// Whether the host of the request is part of the key. The origin is then asked with this host (<c>Host</c>, and SNI), since its answer may depend on it.
    /// Only for origins to which all routes have hosts, so that clients cannot choose any host.
    /// </summary>
    public bool Host { get; set; }

    /// <summary>Whether the case of the path does not count: for an origin that ignores it. The origin is asked with the path as the client wrote it.</summary>
    public bool IgnorePathCase { get; set; }
}
