using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Reads the error of a peer that could not provide the bytes.</summary>
internal static class PeerFailure
{
    // In bytes.
    private const int LongestReason = 4096;

    /// <summary>Returns the origin's status in the peer's response; 0 if the origin did not respond.</summary>
    public static int OriginStatusOf(HttpResponseMessage response) =>
        int.TryParse(PeerTransport.Field(response, PoolProtocol.OriginStatus), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;

    /// <summary>Reads the error from the response. The reason is limited in length and in time; without it, the error alone is returned.</summary>
    public static async Task<ChunkReadException> ReadAsync(PeerTransport transport, HttpResponseMessage response, TimeSpan silence, TimeProvider time, CancellationToken cancellationToken)
    {
        var error = Enum.TryParse<ProxyError>(PeerTransport.Field(response, PoolProtocol.Error), out var named) ? named : ProxyError.OriginMisbehaved;
        try
        {
            if (PeerTransport.Field(response, PoolProtocol.Reply) is not null)
            {
                return new ChunkReadException(error, OriginStatusText.Of(OriginStatusOf(response))); // the body is the origin's response
            }

            if (response.Content.Headers.ContentLength is <= LongestReason)
            {
                return new ChunkReadException(
                    error, Encoding.UTF8.GetString(await transport.ReadAsync(response, LongestReason, cancellationToken).WaitAsync(silence, time, cancellationToken).ConfigureAwait(false)));
            }
        }
        catch (Exception broken) when (PeerTransport.IsFault(broken) || broken is TimeoutException)
        {
            // The error itself is known without the reason.
        }

        return new ChunkReadException(error, "a member could not get the bytes");
    }
}
