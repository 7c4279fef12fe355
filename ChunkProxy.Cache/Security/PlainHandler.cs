using System.Net;
using System.Text;

namespace ChunkProxy.Cache.Security;

/// <summary>Makes handlers of HTTP clients that send what they are given to the server that they are given, and return what it sends.</summary>
internal static class PlainHandler
{
    /// <param name="connectTimeout">Timeout of a new connection.</param>
    public static SocketsHttpHandler Create(TimeSpan connectTimeout) => new()
    {
        ConnectTimeout = connectTimeout,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1, // by default, the handler throws on octets beyond ASCII
    };
}
