using System.Net.Sockets;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Tells the network's and HTTP's faults from bugs, and says in words what they mean.</summary>
internal static class OriginFault
{
    /// <summary>Returns what came in place of an answer; null where the exception is no fault of the origin or of the way there.</summary>
    public static OriginAnswer? Of(Exception exception) => exception switch
    {
        HttpRequestException http => OriginAnswer.Of(
            http.HttpRequestError is HttpRequestError.InvalidResponse ? OriginOutcome.Misbehaved : OriginOutcome.Unreachable, Describe(http.HttpRequestError)),
        IOException or SocketException => OriginAnswer.Of(OriginOutcome.Unreachable, "the connection to the origin broke"), // the second: reset as soon as it was made
        _ => null,
    };

    private static string Describe(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "the origin's name cannot be resolved",
        HttpRequestError.SecureConnectionError => "no TLS connection to the origin",
        HttpRequestError.InvalidResponse => "the origin does not speak HTTP",
        HttpRequestError.ResponseEnded => "the origin closed the connection before it answered",
        _ => "no connection to the origin",
    };
}
