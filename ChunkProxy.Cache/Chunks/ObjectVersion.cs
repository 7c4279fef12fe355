using System.Globalization;

namespace ChunkProxy.Cache.Chunks;

/// <summary>One immutable state of an object: what it is called, how long it is, how it is cut, and what the origin said of it.</summary>
public sealed class ObjectVersion
{
    private string? _token;

    public ObjectVersion(ObjectId id, Validator validator, ChunkLayout layout, OriginHeaders headers)
    {
        Id = id;
        Validator = validator;
        Layout = layout;
        Headers = headers;
        Hash = StableHash.Of(
            id.PathAndQuery,
            validator.Value,
            layout.ObjectSize.ToString(CultureInfo.InvariantCulture),
            layout.ChunkSize.ToString(CultureInfo.InvariantCulture));
    }

    public ObjectId Id { get; }

    public Validator Validator { get; }

    public ChunkLayout Layout { get; }

    public long Size => Layout.ObjectSize;

    public OriginHeaders Headers { get; }

    /// <summary>
    /// Covers object, validator, size and chunk size: processes that cut differently never share a chunk, and an origin that gives
    /// two lengths one entity tag has two versions here.
    /// </summary>
    public UInt128 Hash { get; }

    /// <summary>Names this version to other members: <see cref="VersionToken"/>.</summary>
    internal string Token => _token ??= VersionToken.Of(this);

    public Chunk Chunk(long index) => new(this, index);

    public bool IsSameVersionAs(ObjectVersion other) => Hash == other.Hash;
}
