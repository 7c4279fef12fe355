using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Sites;

/// <summary>Which part of a request's query is the cache key, under <c>ChunkProxy:CacheKey</c> in configuration. All members need the same values.</summary>
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
}
