using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>What stands before a chunk's bytes in its file; docs/decisions/0002-disk-format.md has the layout.</summary>
/// <remarks>
/// A reader knows everything in a header but the checksums. So it takes those, writes the header that there ought to be, and compares:
/// every byte is checked, and there is no parser for damaged bytes to lead astray.
/// </remarks>
internal static class ChunkFileHeader
{
    private const int FormatVersion = 1;
    private const int HeaderChecksumAt = 48;
    private const int ChecksumsAt = 56;

    private static ReadOnlySpan<byte> Magic => "ChunkPxC"u8;

    public static int LengthFor(Chunk chunk) =>
        ChecksumsAt
        + (BlockCount(chunk.Length) * sizeof(ulong))
        + Encoding.UTF8.GetByteCount(chunk.Version.Id.PathAndQuery)
        + Encoding.UTF8.GetByteCount(chunk.Version.Validator.Value);

    public static ulong[] ChecksumsOf(ReadOnlySpan<byte> chunk)
    {
        var checksums = new ulong[BlockCount(chunk.Length)];
        for (var i = 0; i < checksums.Length; i++)
        {
            var start = i * DiskTier.BlockSize;
            checksums[i] = XxHash3.HashToUInt64(chunk[start..Math.Min(start + DiskTier.BlockSize, chunk.Length)]);
        }

        return checksums;
    }

    public static byte[] Encode(Chunk chunk, ReadOnlySpan<ulong> checksums)
    {
        var version = chunk.Version;
        var header = new byte[LengthFor(chunk)];
        var rest = header.AsSpan(ChecksumsAt);
        foreach (var checksum in checksums)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(rest, checksum);
            rest = rest[sizeof(ulong)..];
        }

        var pathLength = Encoding.UTF8.GetBytes(version.Id.PathAndQuery, rest);
        var validatorLength = Encoding.UTF8.GetBytes(version.Validator.Value, rest[pathLength..]);

        var span = header.AsSpan();
        Magic.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(span[12..], DiskTier.BlockSize);
        BinaryPrimitives.WriteInt64LittleEndian(span[16..], version.Size);
        BinaryPrimitives.WriteInt64LittleEndian(span[24..], chunk.Index);
        BinaryPrimitives.WriteInt32LittleEndian(span[32..], version.Layout.ChunkSize);
        BinaryPrimitives.WriteInt32LittleEndian(span[36..], chunk.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], pathLength);
        BinaryPrimitives.WriteInt32LittleEndian(span[44..], validatorLength);
        BinaryPrimitives.WriteUInt64LittleEndian(span[HeaderChecksumAt..], XxHash3.HashToUInt64(header)); // its own field counts as zero
        return header;
    }

    /// <summary>Returns the checksums of the blocks, or null when this is not, to the byte, the header of that chunk.</summary>
    public static ulong[]? TryDecode(ReadOnlySpan<byte> header, Chunk chunk)
    {
        if (header.Length != LengthFor(chunk))
        {
            return null;
        }

        var checksums = new ulong[BlockCount(chunk.Length)];
        for (var i = 0; i < checksums.Length; i++)
        {
            checksums[i] = BinaryPrimitives.ReadUInt64LittleEndian(header[(ChecksumsAt + (i * sizeof(ulong)))..]);
        }

        return header.SequenceEqual(Encode(chunk, checksums)) ? checksums : null;
    }

    private static int BlockCount(int length) => (int)(((long)length + DiskTier.BlockSize - 1) / DiskTier.BlockSize);
}
