using System.Security.Cryptography;

namespace ChunkProxy.Cache.Security;

/// <summary>A key for HMAC-SHA256.</summary>
internal sealed class MacKey(byte[] key)
{
    /// <summary>Length of the key and of a MAC, in bytes.</summary>
    public const int Size = HMACSHA256.HashSizeInBytes;

    public void Sign(ReadOnlySpan<byte> message, Span<byte> mac) => HMACSHA256.HashData(key, message, mac);

    public byte[] Sign(ReadOnlySpan<byte> message) => HMACSHA256.HashData(key, message);

    /// <summary>Verifies a MAC. Compares in constant time.</summary>
    public bool Accepts(ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[Size];
        HMACSHA256.HashData(key, message, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }

    /// <summary>Returns the tags of one body. Their key is derived from <paramref name="body"/>, which must identify the body uniquely.</summary>
    public BlockTags TagsFor(ReadOnlySpan<byte> body)
    {
        Span<byte> derived = stackalloc byte[Size];
        HMACSHA256.HashData(key, body, derived);
        return new BlockTags(derived);
    }
}
