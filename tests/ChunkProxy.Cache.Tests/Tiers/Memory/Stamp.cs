using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tests.Tiers.Memory;

/// <summary>Fills a buffer with bytes that no other key or salt has, and checks every one of them.</summary>
internal static class Stamp
{
    public static void Write(ChunkBuffer buffer, ChunkKey key, uint salt = 0)
    {
        var bytes = buffer.Memory.Span;
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = ByteAt(key, salt, i);
        }
    }

    /// <summary>Returns the offset of the first wrong byte, or -1.</summary>
    public static int FirstWrong(ChunkBuffer buffer, ChunkKey key, uint salt = 0)
    {
        var bytes = buffer.Memory.Span;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != ByteAt(key, salt, i))
            {
                return i;
            }
        }

        return -1;
    }

    private static byte ByteAt(ChunkKey key, uint salt, int offset)
    {
        var seed = ((uint)key.Version.Low * 0x9E3779B1u) ^ ((uint)key.Index * 0x85EBCA77u) ^ (salt * 0xC2B2AE3Du);
        return (byte)((seed + ((uint)offset / 4 * 0x27D4EB2Fu)) >> (8 * (offset & 3)));
    }
}
