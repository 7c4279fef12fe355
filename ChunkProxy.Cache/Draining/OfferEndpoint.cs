using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;

namespace ChunkProxy.Cache.Draining;

/// <summary>Accepts chunks that another member gives up.</summary>
internal sealed class OfferEndpoint(HandOver handOver) : IPoolEndpoint
{
    public string Path => PoolProtocol.OfferPath;

    public Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return handOver.AcceptAsync(context.Request);
    }
}
