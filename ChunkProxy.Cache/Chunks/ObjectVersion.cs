using System.Globalization;

namespace ChunkProxy.Cache.Chunks;

/// <summary>One immutable state of an object: what it is called, how long it is, how it is cut, and what the origin said of it.</summary>
public sealed class ObjectVersion
{
    private string? _token;

    public ObjectVersion(ObjectId id, Validator validator, ChunkLayout layout, OriginHeaders headers, long generation = 0)
    {
        Id = id;
        Validator = validator;
        Layout = layout;
        Headers = headers;
        Generation = generation;
        var size = layout.ObjectSize.ToString(CultureInfo.InvariantCulture);
        var chunkSize = layout.ChunkSize.ToString(CultureInfo.InvariantCulture);
        Hash = generation == 0
            ? StableHash.Of(id.Name, validator.Value, size, chunkSize)
            : StableHash.Of(id.Name, validator.Value, size, chunkSize, generation.ToString(CultureInfo.InvariantCulture));
    }

    public ObjectId Id { get; }

    public Validator Validator { get; }

    public ChunkLayout Layout { get; }

    public long Size => Layout.ObjectSize;

    public OriginHeaders Headers { get; }

    /// <summary>Stamp of the last purge of the object that was known when the origin was asked for this version; 0: none.</summary>
    public long Generation { get; }

    /// <summary>
    /// Covers object, validator, size, chunk size and generation: processes that cut differently never share a chunk, an origin that gives
    /// two lengths one entity tag has two versions here, and what was fetched before a purge is never found under the name of what came after.
    /// </summary>
    public UInt128 Hash { get; }

    /// <summary>Names this version to other members: <see cref="VersionToken"/>.</summary>
    internal string Token => _token ??= VersionToken.Of(this);

    public Chunk Chunk(long index) => new(this, index);

    /// <summary>The same version as requests with these fields get it: to fetch chunks of it, without the fields that only clients need.</summary>
    internal ObjectVersion SelectedBy(RequestFields request) => new(
        Id,
        Validator,
        Layout,
        new OriginHeaders
        {
            ETag = Headers.ETag,
            LastModified = Headers.LastModified,
            GeneratedAt = Headers.GeneratedAt,
            FreshUntil = Headers.FreshUntil,
            Opening = Headers.Opening,
            Variant = Variant.Of(request.All.Select(field => field.Key), request),
        },
        Generation);

    public bool IsSameVersionAs(ObjectVersion other) => Hash == other.Hash;
}
