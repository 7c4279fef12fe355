using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Sites;

/// <summary>The rules of one site: its origin's name in keys, which requests are for the same object, and how long responses stay fresh. Immutable.</summary>
public sealed class SiteRules
{
    private readonly string? _origin;
    private readonly CacheKeyRules _key;

    /// <param name="origin">The origin's name in the ids of its objects; null where there is only one, as in tests.</param>
    /// <param name="key">Which requests are for the same object.</param>
    /// <param name="freshness">How long responses stay fresh.</param>
    internal SiteRules(string? origin, CacheKeyRules key, FreshnessRules freshness)
    {
        _origin = origin;
        _key = key;
        Freshness = freshness;
    }

    /// <summary>The rules of the cache key, as members compare and show them.</summary>
    internal string KeyText => _key.ToString();

    /// <summary>How long responses stay fresh.</summary>
    internal FreshnessRules Freshness { get; }

    /// <summary>Returns the rules of a process that serves one site.</summary>
    public static SiteRules Of(IOptions<CacheOptions> cache, IOptions<CacheKeyOptions> key, IOptions<FreshnessOptions> freshness) =>
        new(cache.Value.OriginKey, new CacheKeyRules(key.Value), new FreshnessRules(freshness.Value));

    /// <summary>Returns the key in the name of an object; null if the object is of another origin.</summary>
    internal string? KeyIn(string name) => name.StartsWith(_origin ?? "", StringComparison.Ordinal) && name.AsSpan((_origin ?? "").Length) is ['/', ..] ? name[(_origin ?? "").Length..] : null;

    /// <summary>Returns the id of the object at a target. The target itself is what the origin is asked for.</summary>
    /// <param name="pathAndQuery">Path and query in normal form.</param>
    public ObjectId ObjectAt(string pathAndQuery) => new(_key.KeyOf(pathAndQuery), _origin, pathAndQuery);
}
