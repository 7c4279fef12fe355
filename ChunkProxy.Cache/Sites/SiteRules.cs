using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Sites;

/// <summary>The rules of one site: its origin's name in keys, which requests are for the same object, and how long responses stay fresh. Immutable.</summary>
public sealed class SiteRules
{
    private readonly string? _origin;
    private readonly CacheKeyRules _key;

    /// <param name="origin">The origin's name in the ids of its objects; null where there is only one, as in tests.</param>
    /// <param name="key">Which requests are for the same object.</param>
    /// <param name="freshness">How long responses stay fresh.</param>
    /// <param name="name">The origin's name in configuration; empty if the process has one origin.</param>
    internal SiteRules(string? origin, CacheKeyRules key, FreshnessRules freshness, string name = "")
    {
        _origin = origin;
        _key = key;
        Freshness = freshness;
        Name = name;
    }

    /// <summary>The origin's name in configuration; empty if the process has one origin.</summary>
    public string Name { get; }

    /// <summary>The origin's name in the ids of its objects.</summary>
    internal string? Origin => _origin;

    /// <summary>The rules of the cache key, as members compare and show them.</summary>
    internal string KeyText => _key.ToString();

    /// <summary>How long responses stay fresh.</summary>
    internal FreshnessRules Freshness { get; }

    /// <summary>Whether targets and keys begin with the host of the request (<see cref="HostedTarget"/>).</summary>
    public bool KeyHasHost => _key.HasHost;

    /// <summary>Whether the case of the path does not count.</summary>
    public bool IgnoresPathCase => _key.IgnoresPathCase;

    /// <summary>Returns the id of the object at a target. The target itself is what the origin is asked for.</summary>
    /// <param name="target">Path and query in normal form, with the host before them if the key has it.</param>
    public ObjectId ObjectAt(string target) => new(_key.KeyOf(target), _origin, target, Name);

    /// <summary>Returns the text of objects (<see cref="ObjectId.Text"/>) that have a path without a query, or of those that begin with it.</summary>
    /// <param name="target">The path or prefix in normal form, with the host before it if the key has it.</param>
    public string TextOfPath(string target) => new ObjectId(_key.PathOf(target), label: Name).Text;

    /// <summary>
    /// Returns equal rules. The server of a site has rules of its own: those of the table are in use for as long as a route or a request refers to them.
    /// </summary>
    internal SiteRules Copy() => new(_origin, _key, Freshness, Name);

    /// <summary>Returns <see cref="ObjectId.Text"/> of the object with this <see cref="ObjectId.Name"/>; null if the object is of another origin.</summary>
    internal string? TextIn(string name)
    {
        var origin = _origin ?? "";
        return name.StartsWith(origin, StringComparison.Ordinal) && name.AsSpan(origin.Length) is ['/', ..] key ? Name.Length == 0 ? key.ToString() : string.Concat(Name, ":", key) : null;
    }
}
