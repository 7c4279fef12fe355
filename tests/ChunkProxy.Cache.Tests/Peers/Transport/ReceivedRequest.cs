using Microsoft.AspNetCore.Http;

namespace ChunkProxy.Cache.Tests.Peers.Transport;

/// <summary>A request between members as the receiver sees it.</summary>
internal static class ReceivedRequest
{
    public static HttpRequest Of(HttpRequestMessage sent)
    {
        var request = new DefaultHttpContext().Request;
        foreach (var (name, values) in sent.Headers.NonValidated)
        {
            request.Headers[name] = values.ToArray();
        }

        return request;
    }
}
