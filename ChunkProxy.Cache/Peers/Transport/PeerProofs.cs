using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Signs requests to other members, and accepts only signed responses. Without a pool key every response is accepted.</summary>
internal sealed class PeerProofs(KeyRing keys, TimeProvider time)
{
    private readonly MacKeys? _requests = keys.KeysFor(KeyPurpose.Request);
    private readonly MacKeys? _answers = keys.KeysFor(KeyPurpose.Answer);
    private readonly MacKeys? _bodies = keys.KeysFor(KeyPurpose.Body);
    private readonly UInt128 _process = BitConverter.ToUInt128(Guid.NewGuid().ToByteArray()); // unique to this run of this process
    private long _number;

    /// <summary>Adds the proof to a request. Nothing that it covers may change afterwards.</summary>
    /// <param name="message">The request.</param>
    /// <param name="content">The request's body.</param>
    public void Prove(HttpRequestMessage message, ReadOnlySpan<byte> content)
    {
        if (_requests is null)
        {
            return;
        }

        if (!content.IsEmpty)
        {
            message.Headers.TryAddWithoutValidation(PoolProof.Content, PoolProof.DigestOf(content));
        }

        var sender = PoolProof.Write(_process, Interlocked.Increment(ref _number), time.GetUtcNow().ToUnixTimeMilliseconds());
        Span<byte> mac = stackalloc byte[MacKey.Size];
        var text = new MacText(stackalloc byte[1024]);
        try
        {
            PoolProof.AddRequest(
                ref text, message.Method.Method, message.RequestUri!.AbsolutePath, TargetOf(message.RequestUri), sender, name => FieldOf(message.Headers, name));
            _requests.Current.Sign(text.Written, mac);
        }
        finally
        {
            text.Dispose();
        }

        message.Headers.TryAddWithoutValidation(PoolProof.Field, PoolProof.Write(sender, mac));
    }

    /// <summary>Checks the header of a response.</summary>
    /// <exception cref="UnprovenAnswerException">
    /// The proof is missing or wrong. A refusal (403) needs none: a member with another key cannot sign it.
    /// </exception>
    public void Check(HttpResponseMessage response)
    {
        if (_answers is not null && response.StatusCode is not HttpStatusCode.Forbidden && Read(response, stackalloc byte[MacKey.Size], stackalloc byte[PoolProof.SaltSize]) == MacKeys.None)
        {
            throw new UnprovenAnswerException();
        }
    }

    /// <summary>Returns the tags of a body that is sent in <see cref="SealedBlocks"/>; null without a key, when the body is sent plain.</summary>
    /// <exception cref="UnprovenAnswerException">The proof is missing or wrong.</exception>
    public BlockTags? TagsOf(HttpResponseMessage response)
    {
        if (_bodies is null)
        {
            return null;
        }

        Span<byte> requestMac = stackalloc byte[MacKey.Size];
        Span<byte> salt = stackalloc byte[PoolProof.SaltSize];
        return Read(response, requestMac, salt) is var key and not MacKeys.None ? PoolProof.TagsOf(_bodies[key], requestMac, salt) : throw new UnprovenAnswerException();
    }

    /// <summary>Returns whether the content is the body of a response whose header was checked.</summary>
    public bool Accepts(HttpResponseMessage response, ReadOnlySpan<byte> content) =>
        _answers is null || content.IsEmpty || FieldOf(response.Headers, PoolProof.Content) == PoolProof.DigestOf(content);

    // Returns the index of the key that signed the response.
    private int Read(HttpResponseMessage response, Span<byte> requestMac, Span<byte> salt)
    {
        Span<byte> mac = stackalloc byte[MacKey.Size];
        if (!PoolProof.TryRead(FieldOf(response.RequestMessage!.Headers, PoolProof.Field), out _, requestMac)
            || !PoolProof.TryRead(FieldOf(response.Headers, PoolProof.Field), out var first, mac)
            || !PoolProof.TryDecode(first, salt))
        {
            return MacKeys.None;
        }

        var text = new MacText(stackalloc byte[512]);
        try
        {
            PoolProof.AddAnswer(ref text, requestMac, salt, (int)response.StatusCode, name => FieldOf(response.Headers, name));
            return _answers!.IndexOf(text.Written, mac);
        }
        finally
        {
            text.Dispose();
        }
    }

    // The member's id: it always includes the port, even the default one.
    private static string TargetOf(Uri uri) => string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{uri.Port}");

    private static string? FieldOf(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
