using System.Buffers.Binary;
using System.Text;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Record of an object's version in a file. The layout is in docs/decisions/0002-disk-format.md.</summary>
/// <remarks>The record does not contain the chunk size: a version stored under another chunk size is the same version, divided anew.</remarks>
internal static class VersionRecord
{
    /// <summary>Upper bound of a record, in bytes. The limits on the origin's header fields keep records well below.</summary>
    public const int MaxLength = 1024 * 1024;

    private const int FormatVersion = 2;
    private const int ChecksumAt = 16;
    private const int BodyAt = 24;

    private static ReadOnlySpan<byte> Magic => "ChunkPxV"u8;

    public static byte[] Encode(ObjectVersion version)
    {
        using var stream = new MemoryStream();
        stream.SetLength(BodyAt);
        stream.Position = BodyAt;
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(version.Id.Name);
        writer.Write(version.Validator.Value);
        writer.Write(version.Size);
        var headers = version.Headers;
        WriteOptional(writer, headers.ETag);
        writer.Write(headers.LastModified is not null);
        writer.Write(headers.LastModified?.UtcTicks ?? 0);
        WriteOptional(writer, headers.LastModifiedField);
        WriteOptional(writer, headers.Date);
        writer.Write(headers.GeneratedAt.UtcTicks);
        writer.Write(headers.FreshUntil.UtcTicks);
        writer.Write(headers.StaleWhileRevalidateUntil.UtcTicks);
        writer.Write(headers.StaleIfErrorUntil.UtcTicks);
        writer.Write(headers.Opening is not null);
        writer.Write(headers.Opening ?? 0);
        var selecting = headers.Variant?.Selecting ?? [];
        writer.Write(selecting.Count);
        foreach (var (name, value) in selecting)
        {
            writer.Write(name);
            WriteOptional(writer, value);
        }

        writer.Write(headers.EndToEnd.Count);
        foreach (var (name, value) in headers.EndToEnd)
        {
            writer.Write(name);
            writer.Write(value);
        }

        if (version.Generation != 0 || !headers.Tags.IsNone)
        {
            writer.Write(version.Generation); // last, so that records without it stay valid
        }

        if (!headers.Tags.IsNone)
        {
            writer.Write(headers.Tags.Text);
        }

        writer.Flush();
        var record = stream.ToArray();
        Magic.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), record.Length);
        RecordChecksum.Seal(record, ChecksumAt);
        return record;
    }

    /// <summary>Returns the version, or null when the bytes are damaged or belong to another object.</summary>
    public static ObjectVersion? TryDecode(byte[] record, ObjectId id, int chunkSize)
    {
        if (!IsIntact(record))
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(record, BodyAt, record.Length - BodyAt), Encoding.UTF8);
            if (!string.Equals(reader.ReadString(), id.Name, StringComparison.Ordinal))
            {
                return null;
            }

            var validator = new Validator(reader.ReadString());
            var layout = new ChunkLayout(chunkSize, reader.ReadInt64());
            var headers = ReadHeaders(reader, out var generation);
            return headers is null ? null : new ObjectVersion(id, validator, layout, headers, generation);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null; // the checksum matches, so another program wrote the record
        }
    }

    private static bool IsIntact(byte[] record) =>
        record.Length >= BodyAt
        && record.AsSpan().StartsWith(Magic)
        && BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(8)) == FormatVersion
        && BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(12)) == record.Length
        && RecordChecksum.IsIntact(record, ChecksumAt);

    // Returns null if the text is not a list of tags.
    private static OriginHeaders? ReadHeaders(BinaryReader reader, out long generation)
    {
        var etag = ReadOptional(reader);
        var (hasLastModified, lastModified, lastModifiedField) = (reader.ReadBoolean(), ReadTime(reader), ReadOptional(reader));
        var date = ReadOptional(reader);
        var (generatedAt, freshUntil, staleWhileRevalidateUntil, staleIfErrorUntil) = (ReadTime(reader), ReadTime(reader), ReadTime(reader), ReadTime(reader));
        var (hasOpening, opening) = (reader.ReadBoolean(), reader.ReadInt64());
        var selecting = new List<KeyValuePair<string, string?>>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            selecting.Add(new(reader.ReadString(), ReadOptional(reader)));
        }

        var fields = new List<KeyValuePair<string, string>>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            fields.Add(new(reader.ReadString(), reader.ReadString()));
        }

        generation = IsAtEnd(reader) ? 0 : reader.ReadInt64();
        if (ObjectTags.TryRead(IsAtEnd(reader) ? "" : reader.ReadString()) is not { } tags)
        {
            return null;
        }

        return new OriginHeaders
        {
            ETag = etag,
            LastModified = hasLastModified ? lastModified : null,
            LastModifiedField = lastModifiedField,
            Date = date,
            GeneratedAt = generatedAt,
            FreshUntil = freshUntil,
            StaleWhileRevalidateUntil = staleWhileRevalidateUntil,
            StaleIfErrorUntil = staleIfErrorUntil,
            Opening = hasOpening ? opening : null,
            Variant = Variant.From(selecting),
            EndToEnd = fields,
            Tags = tags,
        };
    }

    private static bool IsAtEnd(BinaryReader reader) => reader.BaseStream.Position >= reader.BaseStream.Length;

    private static void WriteOptional(BinaryWriter writer, string? text)
    {
        writer.Write(text is not null);
        writer.Write(text ?? "");
    }

    private static string? ReadOptional(BinaryReader reader)
    {
        var (isThere, text) = (reader.ReadBoolean(), reader.ReadString());
        return isThere ? text : null;
    }

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);
}
