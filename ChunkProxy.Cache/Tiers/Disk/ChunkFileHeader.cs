using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Header of a chunk file. The layout is in docs/decisions/0002-disk-format.md.</summary>
/// <remarks>
/// The reader already knows every header field except the checksums, their block size and the tags. It takes those from the file, encodes the expected
/// header and compares the two. This verifies every byte, and no parser runs on damaged bytes. The tags are those of the response that brought the chunk;
/// the origin may have changed the object's tags since.
/// </remarks>
internal static class ChunkFileHeader
{
    private const int FormatVersion = 1;
    private const int BlockSizeAt = 12;
    private const int HeaderChecksumAt = 48;
    private const int ChecksumsAt = 56;
    private const int LongestName = 1024 * 1024;
    private const char Mark = '\n'; // before the generation, and before the tags

    public delegate int ReadAt(Span<byte> destination, long offset);

    private static ReadOnlySpan<byte> Magic => "ChunkPxC"u8;

    /// <summary>Upper bound of the header length for the chunk, in bytes.</summary>
    public static int MaxLengthFor(Chunk chunk) => Padded(chunk, LengthFor(chunk, DiskTier.BlockSize, ObjectTags.None) + 3 + ObjectTags.LongestText); // with "\n0\n"

    public static byte[] Encode(Chunk chunk, BlockChecksums checksums)
    {
        var tags = chunk.Version.Headers.Tags;
        return Encode(chunk, checksums, tags, Padded(chunk, LengthFor(chunk, checksums.BlockSize, tags)));
    }

    private static byte[] Encode(Chunk chunk, BlockChecksums checksums, ObjectTags tags, int length)
    {
        var version = chunk.Version;
        var header = new byte[length];
        var rest = header.AsSpan(ChecksumsAt);
        foreach (var checksum in checksums.Values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, checksum);
            rest = rest[sizeof(ulong)..];
        }

        var pathLength = Encoding.UTF8.GetBytes(version.Id.Name, rest);
        var validatorLength = Encoding.UTF8.GetBytes(NameOf(version, tags), rest[pathLength..]);

        var span = header.AsSpan();
        Magic.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(span[BlockSizeAt..], checksums.BlockSize);
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], version.Size);
        BinaryPrimitives.WriteInt64LittleEndian(span[24..], chunk.Index);
        BinaryPrimitives.WriteInt32LittleEndian(span[32..], version.Layout.ChunkSize);
        BinaryPrimitives.WriteInt32LittleEndian(span[36..], chunk.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], pathLength);
        BinaryPrimitives.WriteInt32LittleEndian(span[44..], validatorLength);
        RecordChecksum.Seal(header, HeaderChecksumAt);
        return header;
    }

    /// <summary>Returns the block checksums and the tags, or null unless every other byte matches the header expected for the chunk.</summary>
    public static (BlockChecksums Checksums, ObjectTags Tags)? TryDecode(ReadOnlySpan<byte> header, Chunk chunk)
    {
        if (header.Length < ChecksumsAt)
        {
            return null;
        }

        var blockSize = BinaryPrimitives.ReadInt32LittleEndian(header[BlockSizeAt..]);
        if (blockSize != DiskTier.BlockSize || TagsIn(header, chunk, blockSize) is not { } tags)
        {
            return null;
        }

        if (header.Length != Padded(chunk, LengthFor(chunk, blockSize, tags)))
        {
            return null;
        }

        var values = new ulong[BlockChecksums.CountFor(chunk.Length, blockSize)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt64LittleEndian(header[(ChecksumsAt + (i * sizeof(ulong)))..]);
        }

        var checksums = new BlockChecksums(blockSize, values);
        return header.SequenceEqual(Encode(chunk, checksums, tags, header.Length)) ? (checksums, tags) : null;
    }

    /// <summary>Reads the object and generation of a chunk file. Returns null when the header is not valid.</summary>
    /// <remarks>For deletion only. Before a chunk is served, <see cref="TryDecode"/> compares the whole header.</remarks>
    /// <param name="read">Reads at a file offset. Returns fewer bytes than requested only at the end of the file.</param>
    public static StoredObject? TryReadObject(ReadAt read) =>
        TryReadName(read) is { } stored ? new StoredObject(StableHash.Of(stored.Name), stored.Generation) : null;

    /// <summary>Reads whose chunk a file has. Returns null when the header is not valid.</summary>
    /// <inheritdoc cref="TryReadObject"/>
    public static StoredName? TryReadName(ReadAt read)
    {
        Span<byte> head = stackalloc byte[ChecksumsAt];
        if (read(head, 0) < ChecksumsAt || !head.StartsWith(Magic))
        {
            return null;
        }

        var blockSize = BinaryPrimitives.ReadInt32LittleEndian(head[BlockSizeAt..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head[36..]);
        var pathLength = BinaryPrimitives.ReadInt32LittleEndian(head[40..]);
        var nameLength = BinaryPrimitives.ReadInt32LittleEndian(head[44..]);
        if (blockSize != DiskTier.BlockSize || length <= 0 || pathLength is <= 0 or > LongestName || nameLength is < 0 or > LongestName)
        {
            return null;
        }

        var names = new byte[pathLength + nameLength];
        if (read(names, ChecksumsAt + (BlockChecksums.CountFor(length, blockSize) * (long)sizeof(ulong))) < names.Length)
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(names.AsSpan(pathLength)).Split(Mark);
        var generation = 0L;
        _ = parts.Length > 1 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out generation);
        return new StoredName(
            Encoding.UTF8.GetString(names.AsSpan(0, pathLength)), generation, parts.Length > 2 ? ObjectTags.TryRead(parts[2]) ?? ObjectTags.None : ObjectTags.None);
    }

    // The text after the second mark. Only its length is known before it is read.
    private static ObjectTags? TagsIn(ReadOnlySpan<byte> header, Chunk chunk, int blockSize)
    {
        header = header.TrimEnd((byte)0); // the padding; a tag is text
        var more = header.Length - LengthFor(chunk, blockSize, ObjectTags.None);
        if (more <= 0)
        {
            return ObjectTags.None;
        }

        var last = header.LastIndexOf((byte)Mark);
        return last < 0 || header.Length - last > more ? null : ObjectTags.TryRead(Encoding.ASCII.GetString(header[(last + 1)..]));
    }

    // A validator contains no line feed, because HTTP field values do not.
    private static string NameOf(ObjectVersion version, ObjectTags tags) =>
        !tags.IsNone ? string.Create(CultureInfo.InvariantCulture, $"{version.Validator.Value}{Mark}{version.Generation}{Mark}{tags.Text}")
        : version.Generation != 0 ? string.Create(CultureInfo.InvariantCulture, $"{version.Validator.Value}{Mark}{version.Generation}")
        : version.Validator.Value;

    // The chunk begins at a block of the file, so that its pages are written from memory without a copy. That costs one block at most.
    private static int Padded(Chunk chunk, int length) => chunk.Length < DirectWrites.ShortestFile ? length : DirectWrites.RoundUp(length);

    private static int LengthFor(Chunk chunk, int blockSize, ObjectTags tags) =>
        ChecksumsAt
        + (BlockChecksums.CountFor(chunk.Length, blockSize) * sizeof(ulong))
        + Encoding.UTF8.GetByteCount(chunk.Version.Id.Name)
        + Encoding.UTF8.GetByteCount(NameOf(chunk.Version, tags));
}
