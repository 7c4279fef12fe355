using System.Security.Cryptography;
using System.Text;

namespace ChunkProxy.Cache.Chunks;

/// <summary>A hash that is the same on every member and after every restart.</summary>
internal static class StableHash
{
    /// <summary>
    /// Returns the first 128 bits of SHA-256 over the parts. A zero byte ends each part, so different lists never give the same input.
    /// </summary>
    public static Hash128 Of(params ReadOnlySpan<string> parts)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            sha.AppendData(Encoding.UTF8.GetBytes(part));
            sha.AppendData([0]);
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(digest);
        return Hash128.ReadBigEndian(digest);
    }
}
