using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The file that says what is known of an object; docs/decisions/0002-disk-format.md has the layout.</summary>
/// <remarks>The chunk size is not part of it: a version that was stored under another chunk size is the same version, cut anew.</remarks>
internal static class VersionRecord
{
    /// <summary>No record is longer, in bytes: the origin's header fields are bounded well below.</summary>
    public const int MaxLength = 1024 * 1024;

    private const int FormatVersion = 1;
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
        writer.Write(headers.ETag is not null);
        writer.Write(headers.ETag ?? "");
        writer.Write(headers.LastModified is not null);
        writer.Write(headers.LastModified?.UtcTicks ?? 0);
        writer.Write(headers.GeneratedAt.UtcTicks);
        writer.Write(headers.FreshUntil.UtcTicks);
        writer.Write(headers.EndToEnd.Count);
        foreach (var (name, value) in headers.EndToEnd)
        {
            writer.Write(name);
            writer.Write(value);
        }

        if (version.Generation != 0)
        {
            writer.Write(version.Generation); // at the end, where a member that knows no purges yet does not look
        }

        writer.Flush();
        var record = stream.ToArray();
        Magic.CopyTo(record);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), record.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(ChecksumAt), XxHash3.HashToUInt64(record)); // its own field counts as zero
        return record;
    }

    /// <summary>Returns the version, or null when the bytes are damaged or are the record of something else.</summary>
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
            var headers = ReadHeaders(reader);
            return new ObjectVersion(id, validator, layout, headers, reader.BaseStream.Position < reader.BaseStream.Length ? reader.ReadInt64() : 0);
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            return null; // intact, so written by something else that agrees with us on the checksum
        }
    }

    private static bool IsIntact(byte[] record)
    {
        if (record.Length < BodyAt
            || !record.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(8)) != FormatVersion
            || BinaryPrimitives.ReadInt32LittleEndian(record.AsSpan(12)) != record.Length)
        {
            return false;
        }

        var checksum = BinaryPrimitives.ReadUInt64LittleEndian(record.AsSpan(ChecksumAt));
        var unsigned = record.ToArray();
        unsigned.AsSpan(ChecksumAt, sizeof(ulong)).Clear();
        return XxHash3.HashToUInt64(unsigned) == checksum;
    }

    private static OriginHeaders ReadHeaders(BinaryReader reader)
    {
        var (hasETag, etag) = (reader.ReadBoolean(), reader.ReadString());
        var (hasLastModified, lastModified) = (reader.ReadBoolean(), ReadTime(reader));
        var (generatedAt, freshUntil) = (ReadTime(reader), ReadTime(reader));
        var fields = new List<KeyValuePair<string, string>>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            fields.Add(new(reader.ReadString(), reader.ReadString()));
        }

        return new OriginHeaders
        {
            ETag = hasETag ? etag : null,
            LastModified = hasLastModified ? lastModified : null,
            GeneratedAt = generatedAt,
            FreshUntil = freshUntil,
            EndToEnd = fields,
        };
    }

    private static DateTimeOffset ReadTime(BinaryReader reader) => new(reader.ReadInt64(), TimeSpan.Zero);
}
