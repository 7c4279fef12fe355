using System.IO.Hashing;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>One checksum per block of a chunk, so that part of a chunk can be verified alone.</summary>
internal sealed class BlockChecksums(int blockSize, ulong[] values)
{
    /// <summary>Bytes covered by one checksum. The last block of the chunk may be shorter.</summary>
    public int BlockSize => blockSize;

    public ReadOnlySpan<ulong> Values => values;

    public static int CountFor(int length, int blockSize) => (int)(((long)length + blockSize - 1) / blockSize);

    public static BlockChecksums Of(ReadOnlySpan<byte> chunk, int blockSize)
    {
        var values = new ulong[CountFor(chunk.Length, blockSize)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = XxHash3.HashToUInt64(Block(chunk, i, blockSize));
        }

        return new BlockChecksums(blockSize, values);
    }

    /// <summary>Whether the bytes match the checksums of the blocks from <paramref name="offset"/> on. The offset must be a block boundary.</summary>
    public bool Match(int offset, ReadOnlySpan<byte> blocks)
    {
        var first = offset / blockSize;
        var count = CountFor(blocks.Length, blockSize);
        for (var i = 0; i < count; i++)
        {
            if (XxHash3.HashToUInt64(Block(blocks, i, blockSize)) != values[first + i])
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<byte> Block(ReadOnlySpan<byte> bytes, int index, int blockSize)
    {
        var start = index * blockSize;
        return bytes[start..Math.Min(start + blockSize, bytes.Length)];
    }
}
