namespace ChunkProxy.Cache.Chunks;

/// <summary>Identifies an object: its origin, and its key, the path and query below the origin's base URL that count.</summary>
/// <remarks>
/// The path is normalized before an id is made of it (percent-encoding, dot segments, leading slash), so equal objects have equal strings.
/// The hash is cryptographic because clients choose the paths: without breaking SHA-256, a client cannot make two objects share chunks
/// or concentrate objects on one member.
/// </remarks>
public sealed class ObjectId : IEquatable<ObjectId>
{
    private Hash128 _hash;
    private volatile bool _isHashed;

    /// <param name="pathAndQuery">Path and query in normal form.</param>
    /// <param name="origin">Name of the origin, the same for all of its objects. Null where there is only one origin, as in tests.</param>
    /// <param name="target">See <see cref="Target"/>. Null: the same as <paramref name="pathAndQuery"/>.</param>
    /// <param name="label">See <see cref="Label"/>.</param>
    /// <param name="credentials">See <see cref="Credentials"/>. Null: none.</param>
    public ObjectId(string pathAndQuery, string? origin = null, string? target = null, string label = "", RequestFields? credentials = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathAndQuery);
        if (pathAndQuery[0] != '/')
        {
            throw new ArgumentException("The path of an object begins with '/'.", nameof(pathAndQuery));
        }

        PathAndQuery = pathAndQuery;
        Origin = origin;
        Label = label;
        Target = target is null || target == pathAndQuery ? pathAndQuery : target;
        Credentials = credentials ?? RequestFields.None;
    }

    public string? Origin { get; }

    /// <summary>Name of the origin in the configuration of a process with several origins; empty if there is one. Not part of the identity.</summary>
    public string Label { get; }

    /// <summary>
    /// The object as members and operators name it: its key, with <see cref="Label"/> before it. <c>/film.mp4</c> with one origin,
    /// <c>media:/film.mp4</c> with several. Equal for equal objects of a cluster, and never that of two.
    /// </summary>
    public string Text => Label.Length == 0 ? PathAndQuery : string.Concat(Label, ":", PathAndQuery);

    /// <summary>The cache key: the path, and the part of the query that counts, with the leading slash.</summary>
    public string PathAndQuery { get; }

    /// <summary>Path and query of one request for the object, as sent to the origin. Not part of the identity: equal ids may have different ones.</summary>
    /// <remarks>It may contain a viewer's token, so it is never stored, logged or shown.</remarks>
    public string Target { get; }

    /// <summary>The credentials of one request, which the origin gets with requests for chunks. Not part of the identity, and never stored, logged or shown.</summary>
    public RequestFields Credentials { get; }

    /// <summary>Whether the request has parameters, or an order of parameters, that are not part of the key.</summary>
    public bool HasOwnTarget => !ReferenceEquals(Target, PathAndQuery);

    /// <summary>The same object, without the target and the credentials of one request: the form in which ids are stored.</summary>
    public ObjectId Shared => HasOwnTarget || Credentials.All.Count > 0 ? new ObjectId(PathAndQuery, Origin, label: Label) : this;

    /// <summary>The object as shown in logs and statistics, without its query (<see cref="ShownPath"/>). Computed on each call.</summary>
    public string Shown => ShownPath.Of(Text);

    /// <summary>Origin and path together. Chunks, records and purges are keyed by it, so two origins never share one.</summary>
    public string Name => Origin + PathAndQuery;

    /// <summary>The same on every member and in every process. Ownership and file names derive from it.</summary>
    /// <remarks>Computed on first use, because a hit in memory does not need it.</remarks>
    public Hash128 Hash
    {
        get
        {
            // Two threads may both compute it. They write the same value, and no thread reads it before the flag is set.
            if (!_isHashed)
            {
                _hash = StableHash.Of(Name);
                _isHashed = true;
            }

            return _hash;
        }
    }

    /// <summary>
    /// Returns whether a request for the equal <paramref name="other"/> is sent to the origin with the same target and credentials, and to members under the
    /// same name: a reload may give the origin another one.
    /// </summary>
    public bool HasSameTargetAs(ObjectId other) =>
        HasOwnTarget == other.HasOwnTarget && (!HasOwnTarget || Target == other.Target) && string.Equals(Label, other.Label, StringComparison.Ordinal)
        && (ReferenceEquals(Credentials, other.Credentials) || Credentials.Key == other.Credentials.Key);

    /// <summary>Returns the same object, of a request with these fields.</summary>
    public ObjectId Of(RequestFields request) => request.HasCredentials ? new ObjectId(PathAndQuery, Origin, Target, Label, request.Credentials) : this;

    public bool Equals(ObjectId? other) =>
        other is not null && string.Equals(PathAndQuery, other.PathAndQuery, StringComparison.Ordinal) && string.Equals(Origin, other.Origin, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as ObjectId);

    public override int GetHashCode() => PathAndQuery.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc cref="Shown"/>
    public override string ToString() => Shown;
}
