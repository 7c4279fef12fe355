using System.Text;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Answers a member with an error, which the member reads with <see cref="PeerFailure"/>.</summary>
internal static class PoolFailure
{
    /// <summary>Rejects a request that is malformed (400), or for an object of an origin that this process does not have, or has with another URL (421).</summary>
    public static Task WriteBadRequestAsync(HttpContext context, SiteTable sites)
    {
        context.Response.StatusCode = PoolFields.IsForUnknownOrigin(context.Request, sites) ? StatusCodes.Status421MisdirectedRequest : StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    /// <summary>Reports that the requested bytes or object are unavailable.</summary>
    public static Task WriteAsync(HttpContext context, ProxyError error, string reason) => WriteAsync(context, error, Encoding.UTF8.GetBytes(reason), isReply: false);

    /// <param name="context">The request.</param>
    /// <param name="error">The error.</param>
    /// <param name="text">The reason, or a <see cref="ReplyRecord"/>.</param>
    /// <param name="isReply">Whether <paramref name="text"/> is a <see cref="ReplyRecord"/>.</param>
    public static Task WriteAsync(HttpContext context, ProxyError error, byte[] text, bool isReply)
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
