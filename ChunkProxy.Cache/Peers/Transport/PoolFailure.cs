using System.Text;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Says to a member why there is no answer; it reads that by <see cref="PeerFailure"/>.</summary>
internal static class PoolFailure
{
    /// <summary>The request makes no sense.</summary>
    public static Task SayNonsenseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    /// <summary>What was asked for is not to be had.</summary>
    public static Task SayAsync(HttpContext context, ProxyError error, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        context.Response.Headers[PoolProtocol.Error] = error.ToString();
        return PoolReply.WriteAsync(context, Encoding.UTF8.GetBytes(reason));
    }
}
