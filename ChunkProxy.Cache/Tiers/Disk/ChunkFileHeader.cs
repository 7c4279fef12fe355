using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Header of a chunk file. The layout is in docs/decisions/0002-disk-format.md.</summary>
/// <remarks>
/// The reader already knows every header field except the checksums and their block size. It takes those from the file, encodes the expected header
/// and compares the two. This verifies every byte, and no parser runs on damaged bytes.
/// </remarks>
internal static class ChunkFileHeader
{
    private const int FormatVersion = 1;
    private const int BlockSizeAt = 12;
    private const int HeaderChecksumAt = 48;
    private const int ChecksumsAt = 56;
    private const int LongestName = 1024 * 1024;
    private const char GenerationMark = '\n';

    public delegate int ReadAt(Span<byte> destination, long offset);

    private static ReadOnlySpan<byte> Magic => "ChunkPxC"u8;

    /// <summary>Upper bound of the header length for the chunk, in bytes.</summary>
    public static int MaxLengthFor(Chunk chunk) => LengthFor(chunk, DiskTier.BlockSize);

    public static byte[] Encode(Chunk chunk, BlockChecksums checksums)
    {
        var version = chunk.Version;
        var header = new byte[LengthFor(chunk, checksums.BlockSize)];
        var rest = header.AsSpan(ChecksumsAt);
        foreach (var checksum in checksums.Values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, checksum);
            rest = rest[sizeof(ulong)..];
        }

        var pathLength = Encoding.UTF8.GetBytes(version.Id.Name, rest);
        var validatorLength = Encoding.UTF8.GetBytes(NameOf(version), rest[pathLength..]);

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

    /// <summary>Returns the block checksums, or null unless every byte matches the header expected for the chunk.</summary>
    public static BlockChecksums? TryDecode(ReadOnlySpan<byte> header, Chunk chunk)
    {
        if (header.Length < ChecksumsAt)
        {
            return null;
        }

        var blockSize = BinaryPrimitives.ReadInt32LittleEndian(header[BlockSizeAt..]);
        if (blockSize != DiskTier.BlockSize || header.Length != LengthFor(chunk, blockSize))
        {
            return null;
        }

        var values = new ulong[BlockChecksums.CountFor(chunk.Length, blockSize)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt64LittleEndian(header[(ChecksumsAt + (i * sizeof(ulong)))..]);
        }

        var checksums = new BlockChecksums(blockSize, values);
        return header.SequenceEqual(Encode(chunk, checksums)) ? checksums : null;
    }

    /// <summary>Reads the object and generation of a chunk file. Returns null when the header is not valid.</summary>
    /// <remarks>For deletion only. Before a chunk is served, <see cref="TryDecode"/> compares the whole header.</remarks>
    /// <param name="read">Reads at a file offset. Returns fewer bytes than requested only at the end of the file.</param>
    public static StoredObject? TryReadObject(ReadAt read) =>
        TryReadName(read) is var (name, generation) ? new StoredObject(StableHash.Of(name), generation) : null;

    /// <summary>Reads the name of the object (<see cref="ObjectId.Name"/>) and the generation of a chunk file. Returns null when the header is not valid.</summary>
    /// <inheritdoc cref="TryReadObject"/>
    public static (string Name, long Generation)? TryReadName(ReadAt read)
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

        var name = Encoding.UTF8.GetString(names.AsSpan(pathLength));
        _ = long.TryParse(name.AsSpan(name.LastIndexOf(GenerationMark) + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var generation);
        return (Encoding.UTF8.GetString(names.AsSpan(0, pathLength)), name.Contains(GenerationMark, StringComparison.Ordinal) ? generation : 0);
    }

    // A validator contains no line feed, because HTTP field values do not.
    private static string NameOf(ObjectVersion version) => version.Generation == 0
        ? version.Validator.Value
        : string.Create(CultureInfo.InvariantCulture, $"{version.Validator.Value}{GenerationMark}{version.Generation}");

    private static int LengthFor(Chunk chunk, int blockSize) =>
        ChecksumsAt
        + (BlockChecksums.CountFor(chunk.Length, blockSize) * sizeof(ulong))
        + Encoding.UTF8.GetByteCount(chunk.Version.Id.Name)
        + Encoding.UTF8.GetByteCount(NameOf(chunk.Version));
}
