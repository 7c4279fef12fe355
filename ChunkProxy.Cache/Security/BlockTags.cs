using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ChunkProxy.Cache.Security;

/// <summary>Computes and checks the tags of the blocks of one body (AES-GMAC, NIST SP 800-38D).</summary>
/// <remarks>
/// A tag covers the block's bytes and its number, so blocks cannot be exchanged. GMAC is broken by a nonce that is used twice under one key;
/// the nonce is the block's number, and no two bodies have the same key (<see cref="MacKey.TagsFor"/>).
/// <para>
/// The fastest MAC that the platform has: measured per GiB and side, in CPU seconds, in blocks of 64 KiB: GMAC 0.26, Poly1305 0.26, HMAC-SHA256 0.85 (with SHA
/// extensions), and 0.13 for a copy (docs/decisions/0006-pool-authentication.md).
/// </para>
/// </remarks>
internal sealed class BlockTags(ReadOnlySpan<byte> key) : IDisposable
{
    /// <summary>Of a tag, in bytes.</summary>
    public const int Size = 16;

    private readonly AesGcm _aes = new(key, Size);

    public void Compute(int block, ReadOnlySpan<byte> bytes, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[12];
        nonce.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(nonce, block);
        _aes.Encrypt(nonce, plaintext: default, ciphertext: default, tag[..Size], bytes);
    }

    /// <summary>Says whether these are the block's bytes. Compares in constant time.</summary>
    public bool Accepts(int block, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> tag)
    {
        Span<byte> expected = stackalloc byte[Size];
        Compute(block, bytes, expected);
        return CryptographicOperations.FixedTimeEquals(expected, tag);
    }

    public void Dispose() => _aes.Dispose();
}
