using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>What the proofs of pool requests and responses cover, and their format. Rationale: docs/decisions/0006-pool-authentication.md.</summary>
/// <remarks>
/// The proof of a request is <c>sender.number.time.mac</c>, that of a response <c>salt.mac</c>. A response's MAC covers the request's MAC, which is
/// never the same twice, so a response is not valid for another request. The key of a body's blocks is derived from the request's MAC and the salt.
/// </remarks>
internal static class PoolProof
{
    public const string Field = "Pool-Proof";

    /// <summary>SHA-256, in base64, of a body that is sent as a whole. The proof covers this field.</summary>
    public const string Content = "Pool-Content";

    /// <summary>Bytes in a salt.</summary>
    public const int SaltSize = 16;

    // All fields that the receiver of a request reads.
    private static readonly string[] RequestFields =
    [
        PoolProtocol.Object, PoolProtocol.ObjectHash, PoolProtocol.Path, PoolProtocol.Query, PoolProtocol.Version, PoolProtocol.Chunk, PoolProtocol.Slice, PoolProtocol.FirstByte, PoolProtocol.OnlyIfCached,
        PoolProtocol.Generation, PoolProtocol.After, PoolProtocol.Listener, PoolProtocol.Wait, PoolProtocol.Bytes, PoolProtocol.RequestFields, PoolProtocol.Credentials, PoolProtocol.Client,
        PoolProtocol.Epoch, Content,
    ];

    // All fields that the receiver of a response reads. The length follows from the slice or from the content.
    private static readonly string[] AnswerFields =
    [
        PoolProtocol.Key, PoolProtocol.Block, PoolProtocol.Source, PoolProtocol.Collapsed, PoolProtocol.Rate, PoolProtocol.Error, PoolProtocol.OriginStatus,
        PoolProtocol.PassThrough, PoolProtocol.Reply, PoolProtocol.Asked, PoolProtocol.Stale, PoolProtocol.Generation, PoolProtocol.Waits, PoolProtocol.Settings, Content,
    ];

    /// <summary>Adds everything that a request's MAC covers.</summary>
    /// <param name="text">The text to add to.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="addressee">The pool address of the receiver, so that the request is not valid at another member.</param>
    /// <param name="sender">The sending process, its request number and the time, as they are sent.</param>
    /// <param name="field">Returns a field's value, or null.</param>
    public static void AddRequest(ref MacText text, string method, string path, string addressee, string sender, Func<string, string?> field)
    {
        text.Add(method);
        text.Add(path);
        text.Add(addressee);
        text.Add(sender);
        foreach (var name in RequestFields)
        {
            text.Add(field(name));
        }
    }

    /// <summary>Adds everything that a response's MAC covers.</summary>
    /// <param name="text">The text to add to.</param>
    /// <param name="requestMac">The MAC of the request.</param>
    /// <param name="salt">The random salt of the responder.</param>
    /// <param name="status">The response's status.</param>
    /// <param name="field">Returns a field's value, or null.</param>
    public static void AddAnswer(ref MacText text, ReadOnlySpan<byte> requestMac, ReadOnlySpan<byte> salt, int status, Func<string, string?> field)
    {
        text.Add(requestMac);
        text.Add(salt);
        text.Add(status);
        foreach (var name in AnswerFields)
        {
            text.Add(field(name));
        }
    }

    /// <summary>Returns the tags of a response body that is sent in <see cref="SealedBlocks"/>.</summary>
    /// <remarks>The salt makes the key unique to this body, even if a request is replayed to a restarted process.</remarks>
    public static BlockTags TagsOf(MacKey key, ReadOnlySpan<byte> requestMac, ReadOnlySpan<byte> salt)
    {
        Span<byte> body = stackalloc byte[MacKey.Size + SaltSize];
        requestMac.CopyTo(body);
        salt.CopyTo(body[MacKey.Size..]);
        return key.TagsFor(body);
    }

    public static string DigestOf(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, digest);
        return Convert.ToBase64String(digest);
    }

    public static string Write(UInt128 process, long number, long time) => string.Create(CultureInfo.InvariantCulture, $"{process:x32}.{number}.{time}");

    public static string Write(string first, ReadOnlySpan<byte> mac) => $"{first}.{Base64Url.EncodeToString(mac)}";

    public static string Write(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> mac) => Write(Base64Url.EncodeToString(salt), mac);

    /// <summary>Splits a proof into the part before the MAC, and the MAC.</summary>
    /// <returns>False if the text is not a proof.</returns>
    public static bool TryRead(string? proof, out ReadOnlySpan<char> first, Span<byte> mac)
    {
        first = proof;
        var dot = first.LastIndexOf('.');
        if (dot < 0)
        {
            return false;
        }

        var end = first[(dot + 1)..];
        first = first[..dot];
        return TryDecode(end, mac);
    }

    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes) =>
        text.Length == Base64Url.GetEncodedLength(bytes.Length)
        && Base64Url.DecodeFromChars(text, bytes, out _, out var written) is OperationStatus.Done && written == bytes.Length;
}
