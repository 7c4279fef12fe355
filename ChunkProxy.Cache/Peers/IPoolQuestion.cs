namespace ChunkProxy.Cache.Peers;

/// <summary>A question to a member about itself, beside those about chunks and objects that <see cref="PoolEndpoints"/> answers.</summary>
internal interface IPoolQuestion
{
    /// <summary>Its path on the pool port.</summary>
    string Path { get; }

    Task AnswerAsync(HttpContext context);
}
