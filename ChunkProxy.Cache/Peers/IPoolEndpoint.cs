namespace ChunkProxy.Cache.Peers;

/// <summary>A question that a member answers others on its pool port.</summary>
internal interface IPoolEndpoint
{
    /// <summary>Its path on the pool port.</summary>
    string Path { get; }

    Task AnswerAsync(HttpContext context);
}
