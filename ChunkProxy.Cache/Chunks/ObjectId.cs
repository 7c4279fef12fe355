namespace ChunkProxy.Cache.Chunks;

/// <summary>Names a file at an origin: the origin, and path and query below its base URL.</summary>
/// <remarks>
/// The path is in its one normal form before an id is made of it (percent-encoding normalized, no dot segments, leading slash),
/// so equal objects have equal strings. The hash is cryptographic because clients choose the paths: nobody can make two
/// objects share chunks, or pile objects on one member, without breaking SHA-256.
/// </remarks>
public sealed class ObjectId : IEquatable<ObjectId>
{
    private UInt128 _hash;
    private volatile bool _isHashed;

    /// <param name="pathAndQuery">In its normal form.</param>
    /// <param name="origin">What the origin is called; the same for all objects of it. Null where there is only one that it could be, as in tests.</param>
    public ObjectId(string pathAndQuery, string? origin = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pathAndQuery);
        if (pathAndQuery[0] != '/')
        {
            throw new ArgumentException("The path of an object begins with '/'.", nameof(pathAndQuery));
        }

        PathAndQuery = pathAndQuery;
        Origin = origin;
    }

    public string? Origin { get; }

    /// <summary>Path and query as they go to the origin, with the leading slash.</summary>
    public string PathAndQuery { get; }

    /// <summary>The object as it is shown to people, without its query: <see cref="ShownPath"/>. Formed anew each time.</summary>
    public string Shown => ShownPath.Of(PathAndQuery);

    /// <summary>Origin and path together: what everything that is kept is keyed by, so that two origins never share a chunk, a record or a purge.</summary>
    public string Name => Origin + PathAndQuery;

    /// <summary>The same on every member and in every process: ownership and file names build on it.</summary>
    /// <remarks>Computed when first asked for, so that a hit in memory, which needs none, does not pay for it.</remarks>
    public UInt128 Hash
    {
        get
        {
            // Two threads may both compute it; they write the same value, and nobody reads it before the flag is set.
            if (!_isHashed)
            {
                _hash = StableHash.Of(Name);
                _isHashed = true;
            }

            return _hash;
        }
    }

    public bool Equals(ObjectId? other) =>
        other is not null && string.Equals(PathAndQuery, other.PathAndQuery, StringComparison.Ordinal) && string.Equals(Origin, other.Origin, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as ObjectId);

    public override int GetHashCode() => PathAndQuery.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc cref="Shown"/>
    public override string ToString() => Shown;
}
