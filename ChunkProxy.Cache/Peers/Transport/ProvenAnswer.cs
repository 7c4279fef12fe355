using System.Security.Cryptography;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Signs the response to one pool request; a feature of the request's HttpContext.</summary>
internal sealed class ProvenAnswer(MacKey answers, MacKey bodies, byte[] requestMac)
{
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(PoolProof.SaltSize);

    /// <summary>Returns the tags of a body that is sent in <see cref="SealedBlocks"/>.</summary>
    public BlockTags Tags() => PoolProof.TagsOf(bodies, requestMac, _salt);

    /// <summary>Adds the proof when the response header is complete, just before it is sent.</summary>
    public void SignWhenStarting(HttpResponse response) => response.OnStarting(
        static state =>
        {
            var (answer, response) = ((ProvenAnswer, HttpResponse))state;
            answer.Sign(response);
            return Task.CompletedTask;
        },
        (this, response));

    private void Sign(HttpResponse response)
    {
        Span<byte> mac = stackalloc byte[MacKey.Size];
        var text = new MacText(stackalloc byte[512]);
        try
        {
            PoolProof.AddAnswer(ref text, requestMac, _salt, response.StatusCode, name => response.Headers[name] is [{ } value] ? value : null);
            answers.Sign(text.Written, mac);
        }
        finally
        {
            text.Dispose();
        }

        response.Headers[PoolProof.Field] = PoolProof.Write(_salt, mac);
    }
}
