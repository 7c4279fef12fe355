namespace ChunkProxy.Cache.Peers;

/// <summary>Takes chunks that another member gives up.</summary>
internal sealed class OfferQuestion(HandOver handOver) : IPoolQuestion
{
    public string Path => PoolProtocol.OfferPath;

    public Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return handOver.TakeAsync(context.Request);
    }
}
