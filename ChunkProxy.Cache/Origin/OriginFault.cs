using System.Net.Sockets;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Distinguishes network and HTTP faults from bugs, and describes them.</summary>
internal static class OriginFault
{
    /// <summary>Returns the answer for a fault of the origin or the network; null for any other exception.</summary>
    public static OriginAnswer? Of(Exception exception) => exception switch
    {
        HttpRequestException http => OriginAnswer.Of(
            http.HttpRequestError is HttpRequestError.InvalidResponse ? OriginOutcome.Misbehaved : OriginOutcome.Unreachable, Describe(http.HttpRequestError)),
        // SocketException: the connection was reset as soon as it was made.
        IOException or SocketException => OriginAnswer.Of(OriginOutcome.Unreachable, "the connection to the origin broke"),
        _ => null,
    };

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the origin's name cannot be resolved",
        HttpRequestError.SecureConnectionError => "the TLS handshake with the origin failed",
        HttpRequestError.InvalidResponse => "the origin does not speak HTTP",
        HttpRequestError.ResponseEnded => "the origin closed the connection before it answered",
        _ => "no connection to the origin",
    };
}
