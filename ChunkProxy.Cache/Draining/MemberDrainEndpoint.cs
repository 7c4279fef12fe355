using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;

namespace ChunkProxy.Cache.Draining;

/// <summary>Accepts an operator's order that another process forwards: POST to drain, DELETE to rejoin.</summary>
internal sealed class MemberDrainEndpoint(MemberDrain drain) : IPoolEndpoint
{
    public string Path => PoolProtocol.DrainPath;

    public async Task AnswerAsync(HttpContext context)
    {
        // Not the request's token: an order that has begun is carried out even if the caller disconnects.
        DrainReply reply;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            reply = await drain.DrainAsync(CancellationToken.None).ConfigureAwait(false);
        }
        else if (HttpMethods.IsDelete(context.Request.Method))
        {
            reply = await drain.RejoinAsync(CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        await PoolReply.WriteJsonAsync(context, reply, DrainJson.Default.DrainReply).ConfigureAwait(false);
    }
}
