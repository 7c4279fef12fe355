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
    public static Task SayAsync(HttpContext context, ProxyError error, string reason) => SayAsync(context, error, Encoding.UTF8.GetBytes(reason), isReply: false);

    /// <param name="context">The request.</param>
    /// <param name="error">Why.</param>
    /// <param name="text">The reason, or a <see cref="ReplyRecord"/>.</param>
    /// <param name="isReply">It is the latter.</param>
    public static Task SayAsync(HttpContext context, ProxyError error, byte[] text, bool isReply)
    {
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        context.Response.Headers[PoolProtocol.Error] = error.ToString();
        if (isReply)
        {
            context.Response.Headers[PoolProtocol.Reply] = "1";
        }

        return PoolReply.WriteAsync(context, text);
    }
}
