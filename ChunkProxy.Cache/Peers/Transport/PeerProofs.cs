using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Proves requests to other members, and believes only answers that are proved. Without a key every answer is believed.</summary>
internal sealed class PeerProofs(KeyRing keys, TimeProvider time)
{
    private readonly MacKeys? _requests = keys.KeysFor(KeyPurpose.Request);
    private readonly MacKeys? _answers = keys.KeysFor(KeyPurpose.Answer);
    private readonly MacKeys? _bodies = keys.KeysFor(KeyPurpose.Body);
    private readonly UInt128 _process = BitConverter.ToUInt128(Guid.NewGuid().ToByteArray()); // differs between processes, and after a restart
    private long _number;

    /// <summary>Adds the proof to a request; nothing that it covers may change afterwards.</summary>
    /// <param name="message">The request.</param>
    /// <param name="content">Its body.</param>
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
                ref text, message.Method.Method, message.RequestUri!.AbsolutePath, AddresseeOf(message.RequestUri), sender, name => FieldOf(message.Headers, name));
            _requests.Current.Sign(text.Written, mac);
        }
        finally
        {
            text.Dispose();
        }

        message.Headers.TryAddWithoutValidation(PoolProof.Field, PoolProof.Write(sender, mac));
    }

    /// <summary>Checks an answer's head.</summary>
    /// <exception cref="UnprovenAnswerException">It is not proved, unless it refuses the request: whoever has another key cannot prove that.</exception>
    public void Check(HttpResponseMessage response)
    {
        if (_answers is not null && response.StatusCode is not HttpStatusCode.Forbidden && Read(response, stackalloc byte[MacKey.Size], stackalloc byte[PoolProof.SaltSize]) == MacKeys.None)
        {
            throw new UnprovenAnswerException();
        }
    }

    /// <summary>Returns the tags of an answer whose body is sent in <see cref="SealedBlocks"/>; null without a key: the body is sent as it is.</summary>
    /// <exception cref="UnprovenAnswerException">See <see cref="Check"/>.</exception>
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

    /// <summary>Says whether this is the body of an answer whose head was checked.</summary>
    public bool Accepts(HttpResponseMessage response, ReadOnlySpan<byte> content) =>
        _answers is null || content.IsEmpty || FieldOf(response.Headers, PoolProof.Content) == PoolProof.DigestOf(content);

    // Which key the answer is proved with.
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

    // As members are named: with the port, the default one too.
    private static string AddresseeOf(Uri uri) => string.Create(CultureInfo.InvariantCulture, $"{uri.Host}:{uri.Port}");

    private static string? FieldOf(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
