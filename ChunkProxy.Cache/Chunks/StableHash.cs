using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ChunkProxy.Cache.Chunks;

/// <summary>The hash that every member and every restart agrees on.</summary>
internal static class StableHash
{
    /// <summary>Returns the first 128 bits of SHA-256 over the parts, each ended by a zero byte so that no two lists run together.</summary>
    public static UInt128 Of(params ReadOnlySpan<string> parts)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            sha.AppendData(Encoding.UTF8.GetBytes(part));
            sha.AppendData([0]);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
