using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>What a peer says that could not bring the bytes.</summary>
internal static class PeerFailure
{
    // In bytes.
    private const int LongestReason = 4096;

    /// <summary>The status with which the origin answered the peer; 0: it did not.</summary>
    public static int OriginStatusOf(HttpResponseMessage response) =>
        int.TryParse(PeerTransport.Field(response, PoolProtocol.OriginStatus), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    /// <summary>Reads it out of the answer. Whatever else the peer sends, its reason is a sentence, and is not waited for.</summary>
    public static async Task<ChunkReadException> ReadAsync(PeerTransport transport, HttpResponseMessage response, TimeSpan silence, TimeProvider time, CancellationToken cancellationToken)
    {
        var error = Enum.TryParse<ProxyError>(PeerTransport.Field(response, PoolProtocol.Error), out var named) ? named : ProxyError.OriginMisbehaved;
        try
        {
            if (PeerTransport.Field(response, PoolProtocol.Reply) is not null)
            {
                return new ChunkReadException(error, OriginStatusText.Of(OriginStatusOf(response))); // the body is the origin's, and no sentence
            }

            if (response.Content.Headers.ContentLength is <= LongestReason)
            {
                return new ChunkReadException(
                    error, Encoding.UTF8.GetString(await transport.ReadAsync(response, LongestReason, cancellationToken).WaitAsync(silence, time, cancellationToken).ConfigureAwait(false)));
            }
        }
        catch (Exception broken) when (PeerTransport.IsFault(broken) || broken is TimeoutException)
        {
            // The error itself is known.
        }

        return new ChunkReadException(error, "a member could not get the bytes");
    }
}
