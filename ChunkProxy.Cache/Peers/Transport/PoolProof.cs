using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>What the proofs of requests and answers between members cover, and how they are written; docs/decisions/0006-pool-authentication.md argues why.</summary>
/// <remarks>
/// A request's proof is <c>sender.number.time.mac</c>; an answer's is <c>salt.mac</c>. An answer's MAC covers the request's, which is never the same twice, so
/// an answer is worth nothing for another request. The key of a body's blocks is derived from both MACs.
/// </remarks>
internal static class PoolProof
{
    public const string Field = "Pool-Proof";

    /// <summary>SHA-256 of a body that is sent as a whole, in base64; the proof covers it.</summary>
    public const string Content = "Pool-Content";

    /// <summary>Most bytes in a salt.</summary>
    public const int SaltSize = 16;

    // All that the receiver of a request reads of it.
    private static readonly string[] RequestFields =
    [
        PoolProtocol.Object, PoolProtocol.Version, PoolProtocol.Chunk, PoolProtocol.Slice, PoolProtocol.FirstByte, PoolProtocol.OnlyIfCached,
        PoolProtocol.Generation, PoolProtocol.After, PoolProtocol.Listener, PoolProtocol.Wait, PoolProtocol.RequestFields, PoolProtocol.Epoch, Content,
    ];

    // All that the receiver of an answer reads of it. Its length is that of the slice, or of the content.
    private static readonly string[] AnswerFields =
    [
        PoolProtocol.Key, PoolProtocol.Block, PoolProtocol.Source, PoolProtocol.Collapsed, PoolProtocol.Rate, PoolProtocol.Error, PoolProtocol.OriginStatus,
        PoolProtocol.PassThrough, PoolProtocol.Reply, PoolProtocol.Asked, PoolProtocol.Stale, PoolProtocol.Generation, PoolProtocol.Waits, Content,
    ];

    /// <summary>Adds all that a request's MAC covers.</summary>
    /// <param name="text">What is added to.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="path">Its path.</param>
    /// <param name="addressee">The pool address of the member that is asked: another one cannot be given the request.</param>
    /// <param name="sender">The sending process, its number of the request and the time, as they are sent.</param>
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

    /// <summary>Adds all that an answer's MAC covers.</summary>
    /// <param name="text">What is added to.</param>
    /// <param name="requestMac">The MAC of the request that is answered.</param>
    /// <param name="salt">The answerer's random part.</param>
    /// <param name="status">The answer's status.</param>
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

    /// <summary>Returns the tags of the answer's body, which is sent in <see cref="SealedBlocks"/>.</summary>
    /// <remarks>The salt makes the key one that no other body has, even where a request could be replayed to a process that was started again.</remarks>
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

    /// <summary>Splits a proof into what comes before the MAC, and the MAC.</summary>
    /// <returns>False: it is no proof.</returns>
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
