using System.Globalization;

namespace ChunkProxy.Cache.Chunks;

/// <summary>One immutable state of an object: its id, validator, layout and response metadata.</summary>
public sealed class ObjectVersion
{
    // Version, id, layout, header list and the nodes that refer to them, without their strings. Measured.
    private const int FixedBytes = 512;

    private const long NotRead = -2;

    private string? _token;
    private long _segmentNumber = NotRead;

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

    // Only the target differs, which is not part of the hash.
    private ObjectVersion(ObjectVersion same, ObjectId id)
    {
        Id = id;
        Validator = same.Validator;
        Layout = same.Layout;
        Headers = same.Headers;
        Generation = same.Generation;
        Hash = same.Hash;
        _token = same._token;
        _segmentNumber = same._segmentNumber;
        Activity = same.Activity;
    }

    public ObjectId Id { get; }

    /// <summary>Counts the reads of the object. Set by the collection of such counters, for the versions that it counts.</summary>
    internal ObjectActivity? Activity { get; set; }

    /// <summary>The object's number among the segments of a film; -1 if it is none.</summary>
    internal long SegmentNumber
    {
        get
        {
            if (_segmentNumber == NotRead)
            {
                _segmentNumber = SegmentPath.NumberOf(Id.PathAndQuery);
            }

            return _segmentNumber;
        }
    }

    public Validator Validator { get; }

    public ChunkLayout Layout { get; }

    public long Size => Layout.ObjectSize;

    public OriginHeaders Headers { get; }

    /// <summary>Stamp of the object's last purge that was known when the origin was asked for this version; 0 for none.</summary>
    public long Generation { get; }

    /// <summary>
    /// Covers object, validator, size, chunk size and generation. So processes with different chunk sizes never share a chunk, one entity tag
    /// with two sizes gives two versions, and content from before a purge is never found under a version from after it.
    /// </summary>
    public Hash128 Hash { get; }

    /// <summary>Identifies this version to other members; see <see cref="VersionToken"/>.</summary>
    internal string Token => _token ??= VersionToken.Of(this);

    /// <summary>Memory of the version with its names and fields, in bytes. An upper estimate: strings that are shared count each time.</summary>
    internal long Weight => FixedBytes + (2L * Id.PathAndQuery.Length) + Headers.Weight;

    public Chunk Chunk(long index) => new(this, index);

    /// <summary>Returns the same version, whose missing bytes the origin is asked for with this request's target and credentials.</summary>
    /// <param name="id">The id of the request, equal to <see cref="Id"/>.</param>
    public ObjectVersion For(ObjectId id) => Id.HasSameTargetAs(id) ? this : new ObjectVersion(this, id);

    /// <summary>The same version, without the target and the credentials of one request: the form in which versions are stored.</summary>
    internal ObjectVersion Shared => For(Id.Shared);

    /// <summary>Returns the same version as selected by these request fields, to fetch chunks: without the fields that only clients need.</summary>
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
            Tags = Headers.Tags,
            Variant = Variant.Of(request.All.Select(field => field.Key), request),
        },
        Generation);

    /// <summary>Returns the same state of the object under a later generation, and therefore another name.</summary>
    internal ObjectVersion Under(long generation) => generation == Generation ? this : new ObjectVersion(Id, Validator, Layout, Headers, generation);

    public bool IsSameVersionAs(ObjectVersion other) => Hash == other.Hash;
}
